namespace JitFunctions.LocalStack;

/// <summary>
/// The people of the demo and the end-to-end tests. In the cluster they are normal users without any rights.
/// </summary>
/// <param name="UserName">The <c>preferred_username</c> of the token, and the name that the API server knows.</param>
/// <param name="Groups">The <c>groups</c> of the token, which policies refer to; the API server does not see
/// them.</param>
public sealed record Person(string Name, string UserName, params IReadOnlyList<string> Groups)
{
    public static readonly Person Alice = new("alice", "alice@example.com", "payments-devs");
    public static readonly Person Bob = new("bob", "bob@example.com", "payments-leads");
    public static readonly Person Carol = new("carol", "carol@example.com", "platform-admins");
    public static readonly Person Dave = new("dave", "dave@example.com", "auditors");
    public static readonly Person Mallory = new("mallory", "mallory@example.com");

    public static IReadOnlyList<Person> All { get; } = [Alice, Bob, Carol, Dave, Mallory];

    /// <summary>The token's <c>sub</c>: opaque and stable, unlike the user name.</summary>
    public string Subject => $"subject-of-{Name}";

    /// <exception cref="ArgumentException">No person has that name.</exception>
    public static Person Named(string name) =>
        All.FirstOrDefault(person => person.Name == name)
        ?? throw new ArgumentException(
            $"Nobody is called {name}. There are: {string.Join(", ", All.Select(person => person.Name))}.",
            nameof(name)
        );
}
