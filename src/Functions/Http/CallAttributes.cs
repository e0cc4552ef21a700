using Microsoft.Azure.Functions.Worker;

namespace JitFunctions.Functions.Http;

/// <summary>The call has no trace of its own. The function itself prevents the recording of its spans.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UntracedAttribute : Attribute;

/// <summary>
/// The call works when the policies cannot be determined, because rights must always be given up and revoked. The
/// caller then has no roles from the policies, and needs none: a grant stores its requester and its approvers.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class WorksWithoutPoliciesAttribute : Attribute;

/// <summary>
/// The call works without the caller's groups. Requesters give up their rights by their account; no group decides about
/// it, and nothing may prevent it.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class WorksWithoutGroupsAttribute : Attribute;

/// <summary>
/// The call answers with records of people: <see cref="ReadingMiddleware"/> records who read them. A call that has only
/// records of its caller says so by <see cref="ReadingExtensions.ReadsOwn(FunctionContext)"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ReadsRecordAttribute : Attribute;

/// <summary>The call reports that the groups of the caller are not known, where there is no directory to ask.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ReportsUnknownGroupsAttribute : Attribute;
