namespace JitFunctions.Domain.Rights;

/// <summary>One verb on one kind of object.</summary>
/// <param name="ApiGroup">Empty for the core group.</param>
/// <param name="Resource">May contain a subresource: <c>pods/exec</c>.</param>
/// <param name="Name">Null if the request has no object name, such as list or create.</param>
public sealed record ResourceAccess(string Verb, string ApiGroup, string Resource, string? Name = null);
