using System.Reflection;
using System.Text.RegularExpressions;
using JitFunctions.Domain.Requests;
using JitFunctions.Functions.Actions;
using JitFunctions.Functions.Clusters;
using JitFunctions.Functions.Http;
using JitFunctions.Functions.Http.Health;
using JitFunctions.Functions.Lifecycle;
using JitFunctions.Functions.Notices;
using JitFunctions.Functions.Platform;
using JitFunctions.Functions.Platform.Directory;
using JitFunctions.Functions.Policies;
using JitFunctions.PolicyReading;
using JitFunctions.Projections;
using Marten;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace JitFunctions.Functions.Tests.Architecture;

public sealed partial class ArchitectureTests
{
    private static readonly Assembly Domain = typeof(AccessRequest).Assembly;
    private static readonly Assembly Projections = typeof(EventStore).Assembly;
    private static readonly Assembly App = typeof(AccessLifecycle).Assembly;

    [Fact]
    public void The_domain_refers_to_nothing_but_the_base_library() =>
        Assert.Each(References(Domain), name => Assert.StartsWith("System", name, StringComparison.Ordinal));

    [Fact]
    public void Projections_refer_to_the_domain_and_not_to_the_app()
    {
        Assert.Contains(Domain.GetName().Name, References(Projections));
        Assert.DoesNotContain(
            References(Projections),
            name =>
                name.Contains("Functions.Functions", StringComparison.Ordinal)
                || name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
                || name.StartsWith("KubernetesClient", StringComparison.Ordinal)
        );
    }

    // The plugin has it too: what it refers to is compiled into the plugin.
    [Fact]
    public void The_reader_of_policy_files_refers_to_the_domain_and_to_yaml() =>
        Assert.Each(
            References(typeof(PolicyFiles).Assembly),
            name =>
                Assert.True(
                    name == Domain.GetName().Name
                        || name == "YamlDotNet"
                        || name.StartsWith("System", StringComparison.Ordinal),
                    name
                )
        );

    [Fact]
    public void Orchestrators_are_static_so_that_nothing_but_their_history_reaches_them() =>
        Assert.Each(
            Functions().Where(method => HasParameter<OrchestrationTriggerAttribute>(method)),
            method =>
            {
                Assert.True(method.IsStatic);
                Assert.Single(method.GetParameters());
            }
        );

    [Fact]
    public void A_function_is_named_after_its_method_or_class()
    {
        var functions = Functions().ToList();
        Assert.NotEmpty(functions);
        Assert.Each(
            functions,
            method => Assert.Contains(Name(method), new[] { method.Name, method.DeclaringType!.Name })
        );
        Assert.Distinct(functions.Select(Name));
    }

    [Fact]
    public void Every_http_function_relies_on_bearer_tokens_rather_than_shared_keys() =>
        Assert.Each(
            Functions()
                .SelectMany(method => method.GetParameters())
                .Select(x => x.GetCustomAttribute<HttpTriggerAttribute>())
                .OfType<HttpTriggerAttribute>(),
            trigger => Assert.Equal(AuthorizationLevel.Anonymous, trigger.AuthLevel)
        );

    [Fact]
    public void Only_health_the_schema_of_policy_files_and_audit_logs_need_no_token_of_a_person() =>
        Assert.Equal(
            ["Health", "HealthLive", "HealthReady", "PolicySchema", "ReceiveAudit"],
            FunctionAttributes.NamesWith<AllowAnonymousAttribute>()
        );

    // The Functions host tries routes in the order of the functions' names; the embedded host takes the most specific
    // one.
    [Fact]
    public void The_route_for_everything_else_has_the_last_name()
    {
        var http = Functions()
            .Where(method => HasParameter<HttpTriggerAttribute>(method))
            .Select(Name)
            .Order(StringComparer.OrdinalIgnoreCase);
        Assert.Equal(nameof(WrongRoute), http.Last());
    }

    // Azure's scale controller looks for a setting by exactly this name: it does not read "A__B" as "A:B"
    // (Azure/azure-functions-host#8649), so a timer with a colon may never start an app that is scaled to zero.
    [Fact]
    public void A_setting_that_a_trigger_names_has_neither_a_colon_nor_another_spelling()
    {
        var settings = Functions()
            .SelectMany(method => method.GetParameters())
            .SelectMany(x => x.GetCustomAttributes())
            .SelectMany(Texts)
            .SelectMany(text => SettingName().Matches(text))
            .Select(setting => setting.Groups[1].Value)
            .Distinct()
            .ToList();
        Assert.Equal(["ReconcilerSchedule"], settings);
        Assert.Each(settings, setting => Assert.Matches("^[A-Za-z0-9]+$", setting));
    }

    [Fact]
    public void Only_http_functions_use_the_connections_of_http_calls_and_they_use_no_others()
    {
        var http = Functions()
            .Where(method => HasParameter<HttpTriggerAttribute>(method))
            .Select(method => method.DeclaringType!)
            .Distinct()
            .ToList();
        Assert.NotEmpty(http);
        Assert.DoesNotContain(
            http,
            type => Needs(type, typeof(IDocumentStore), typeof(IDocumentSession), typeof(SystemCommands))
        );
        var others = Functions().Select(method => method.DeclaringType!).Except(http).ToList();
        Assert.NotEmpty(others);
        Assert.DoesNotContain(
            others,
            type =>
                Needs(type, typeof(ApiStore), typeof(IQuerySession), typeof(IDocumentSession), typeof(CallerCommands))
        );

        static bool Needs(Type type, params Type[] services) =>
            type.GetConstructors()
                .SelectMany(constructor => constructor.GetParameters())
                .Any(x => services.Contains(x.ParameterType));
    }

    [Fact]
    public async Task Http_calls_do_not_use_the_connections_of_activities_and_schedules()
    {
        // Whatever the number of calls, they use one connection at a time, or up to four, or none after the first call.
        Type[] bounded =
        [
            typeof(FirstUses),
            typeof(PublishedPolicies),
            typeof(PolicyPublisher),
            typeof(Reviewers),
            typeof(Readiness),
            typeof(CurrentInstallation),
        ];
        using var files = new SettingsFiles();
        var settings = Settings.Read(new ConfigurationBuilder().AddInMemoryCollection(files.Good()).Build());
        await using var app = new ServiceCollection().AddLogging().AddJitAccess(settings).BuildServiceProvider();
        await using var call = app.CreateAsyncScope();
        object[] forbidden =
        [
            app.GetRequiredService<IDocumentStore>(),
            app.GetRequiredService<NpgsqlDataSource>(),
            app.GetRequiredService<ClusterConnections>(),
        ];
        var http = Functions()
            .Where(method => HasParameter<HttpTriggerAttribute>(method))
            .Select(method => method.DeclaringType!)
            .Distinct();
        var roots = http.Append(typeof(BearerMiddleware))
            .Where(type => !type.IsAbstract)
            .Select(type => ActivatorUtilities.CreateInstance(call.ServiceProvider, type));

        Dictionary<object, string> found = new(ReferenceEqualityComparer.Instance);
        foreach (var root in roots)
            Follow(root, root.GetType().Name);

        Assert.Contains(found.Keys, reached => reached is TokenDirectory);
        Assert.Empty(forbidden.Where(found.ContainsKey).Select(one => found[one]));

        // A parameter of a primary constructor is a field.
        void Follow(object reached, string path)
        {
            if (
                !found.TryAdd(reached, path)
                || bounded.Contains(reached.GetType())
                || (reached.GetType().Assembly != App && reached.GetType().Assembly != Projections)
            )
                return;
            foreach (
                var field in reached
                    .GetType()
                    .GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)
            )
            {
                if (!field.FieldType.IsValueType && field.GetValue(reached) is { } next)
                    Follow(next, $"{path} > {next.GetType().Name}");
            }
        }
    }

    private static IEnumerable<MethodInfo> Functions() =>
        App.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Where(method => method.IsDefined(typeof(FunctionAttribute)));

    private static string Name(MethodInfo method) => method.GetCustomAttribute<FunctionAttribute>()!.Name;

    private static IEnumerable<string> Texts(Attribute attribute) =>
        attribute
            .GetType()
            .GetProperties()
            .Where(property => property.PropertyType == typeof(string))
            .Select(property => property.GetValue(attribute))
            .OfType<string>();

    [GeneratedRegex("%([^%]*)%")]
    private static partial Regex SettingName();

    private static bool HasParameter<T>(MethodInfo method)
        where T : Attribute => method.GetParameters().Any(x => x.IsDefined(typeof(T)));

    private static IEnumerable<string> References(Assembly assembly) =>
        assembly.GetReferencedAssemblies().Select(name => name.Name!);
}
