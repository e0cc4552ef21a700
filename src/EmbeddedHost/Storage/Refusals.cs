using Npgsql;

namespace JitFunctions.EmbeddedHost.Storage;

/// <summary>SQLSTATEs with which <c>taskhub.require</c> rolls a write back.</summary>
internal static class Refusals
{
    /// <summary>The work belongs to another node by now.</summary>
    public const string NotOwner = "JF001";

    /// <summary>An instance of this id is there and must stay.</summary>
    public const string Exists = "JF002";

    public static bool IsNotOwner(Exception exception) =>
        exception is NotOwnerException or PostgresException { SqlState: NotOwner };

    public static bool IsExists(Exception exception) => exception is PostgresException { SqlState: Exists };
}

/// <summary>What was to be read for work belongs to another node by now.</summary>
internal sealed class NotOwnerException() : Exception("The work belongs to another node by now.");

/// <summary>The answer to a write was lost, and with it what the write has claimed for this node.</summary>
internal sealed class UnknownOutcomeException(Exception cause) : Exception("The answer to a write was lost.", cause);
