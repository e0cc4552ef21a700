namespace JitFunctions.Functions.Http;

/// <summary>
/// The call is no trace of its own. Its spans are not recorded, which the function itself sees to.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UntracedAttribute : Attribute;

/// <summary>
/// Rights are given back and taken away also when nobody can say what the policies are. Who calls has no standing of
/// theirs then, and needs none: a grant knows its requester and its approvers.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class WorksWithoutPoliciesAttribute : Attribute;

/// <summary>
/// What a requester gives back is theirs by their account: no group decides about it, and nothing may stand in its way.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class WorksWithoutGroupsAttribute : Attribute;

/// <summary>It says that the groups of the caller are not known, where there is no directory to ask.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ReportsUnknownGroupsAttribute : Attribute;
