using Npgsql;

namespace JitFunctions.EmbeddedHost.Storage;

/// <summary>SQLSTATEs with which <c>taskhub.require</c> rolls a write back.</summary>
internal static class Refusals
{
    /// <summary>The work now belongs to another node.</summary>
    public const string NotOwner = "JF001";

    /// <summary>An instance with this id exists and must not be replaced.</summary>
    public const string Exists = "JF002";

    public static bool IsNotOwner(Exception exception) =>
        exception is NotOwnerException or PostgresException { SqlState: NotOwner };

    public static bool IsExists(Exception exception) => exception is PostgresException { SqlState: Exists };
}

/// <summary>The instance that was to be loaded now belongs to another node.</summary>
internal sealed class NotOwnerException() : Exception("The work belongs to another node by now.");

/// <summary>The response to a write was lost, so it is unknown what the write claimed for this node.</summary>
internal sealed class UnknownOutcomeException(Exception cause) : Exception("The answer to a write was lost.", cause);
