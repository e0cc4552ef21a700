namespace JitFunctions.Domain.Rights;

/// <summary>One thing that somebody does to one kind of object.</summary>
/// <param name="ApiGroup">Empty for the core group.</param>
/// <param name="Resource">May hold a subresource: <c>pods/exec</c>.</param>
/// <param name="Name">Null for some or any object, as when listing or creating.</param>
public sealed record ResourceAccess(string Verb, string ApiGroup, string Resource, string? Name = null);
