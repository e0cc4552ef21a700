namespace JitFunctions.KubectlJit.Api;

/// <summary>The statuses of the API. New ones may be added, so a status stays a string.</summary>
internal static class Status
{
    public const string Pending = "pending";
    public const string Approved = "approved";
    public const string Activating = "activating";
    public const string Active = "active";
    public const string Ending = "ending";
    public const string Denied = "denied";
    public const string Withdrawn = "withdrawn";
    public const string Lapsed = "lapsed";
    public const string Failed = "failed";
    public const string Ended = "ended";

    public static bool IsFinal(string status) => status is Denied or Withdrawn or Lapsed or Failed or Ended;

    /// <summary>Whether the request is active or can no longer become active.</summary>
    public static bool IsSettled(string status) => status is Active or Ending || IsFinal(status);
}
