using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Clusters;

namespace JitFunctions.Functions.Tests.Clusters;

public sealed class ClusterOptionsTests : IDisposable
{
    private static readonly string Certificate = Convert.ToBase64String(Encoding.ASCII.GetBytes(Pem()));
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jit-clusters");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_good_cluster_of_each_kind_is_accepted() =>
        Assert.Empty(
            ClusterOptions.Errors(
                new Dictionary<string, ClusterOptions>
                {
                    ["demo"] = Kubeconfig("https://demo.example.com:6443"),
                    ["prod-eu"] = Aks("https://aks.example.com", Certificate),
                }
            )
        );

    [Fact]
    public void Without_any_cluster_there_is_nothing_to_do() =>
        Assert.Contains(
            "No cluster is configured",
            Assert.Single(ClusterOptions.Errors(new Dictionary<string, ClusterOptions>())),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_cluster_is_reached_in_exactly_one_way()
    {
        Refused(new(), "exactly one of");
        Refused(new() { InCluster = true, Aks = new() }, "exactly one of");
    }

    [Theory]
    [InlineData("Prod")]
    [InlineData("prod_eu")]
    [InlineData("-prod")]
    [InlineData("prod.eu")]
    [InlineData("")]
    public void A_name_is_a_dns_label(string name) =>
        Refused(Aks("https://aks.example.com", Certificate), "lower-case letters", name);

    [Fact]
    public void A_process_outside_of_clusters_cannot_be_in_one() =>
        Refused(new() { InCluster = true }, "does not run in a cluster");

    [Fact]
    public void A_kubeconfig_has_to_be_there() =>
        Refused(new() { Kubeconfig = "/no/such/file" }, "no kubeconfig at /no/such/file");

    [Theory]
    [InlineData("")]
    [InlineData("just text")]
    [InlineData("contexts: [")]
    [InlineData("clusters: null\ncontexts: null\nusers: null\ncurrent-context: demo")]
    [InlineData("kind: Config")]
    public void A_kubeconfig_has_to_be_one(string content) =>
        Refused(new() { Kubeconfig = Write(content) }, "kubeconfig");

    [Fact]
    public void A_kubeconfig_holds_the_context_that_is_named()
    {
        var file = Kubeconfig("https://demo.example.com").Kubeconfig;
        Assert.Empty(Errors("demo", new() { Kubeconfig = file, Context = "demo" }));
        Refused(new() { Kubeconfig = file, Context = "prod" }, "prod not found in contexts");
    }

    [Theory]
    [InlineData("not base64!", "cannot be used")]
    [InlineData("bm90IGEgY2VydGlmaWNhdGU=", "not a certificate")]
    public void A_kubeconfig_with_a_broken_certificate_is_refused(string data, string because) =>
        Refused(Kubeconfig("https://demo.example.com", certificate: data), because);

    // It may open a browser, or take long; and whether it succeeds now says nothing about later.
    [Fact]
    public void The_program_that_a_kubeconfig_names_is_not_run()
    {
        var trace = Path.Combine(_folder.FullName, "trace");
        var file = Write(
            Config(
                "https://demo.example.com",
                $"exec: {{ apiVersion: client.authentication.k8s.io/v1, command: touch, args: [{trace}] }}"
            )
        );
        Assert.Empty(Errors("demo", new() { Kubeconfig = file }));
        Assert.False(File.Exists(trace));
    }

    [Theory]
    [InlineData("http://aks.example", true, "Aks needs an https Server")]
    [InlineData("aks.example", true, "Aks needs an https Server")]
    [InlineData(null, true, "Aks needs an https Server")]
    [InlineData("https://aks.example", false, "CertificateAuthorityData")]
    public void Aks_needs_https_and_its_certificate_authority(string? server, bool certificate, string because) =>
        Refused(Aks(server, certificate ? Certificate : null), because);

    [Theory]
    [InlineData("not base64!")]
    [InlineData("LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t")]
    [InlineData("AAAA")]
    public void The_certificate_authority_is_a_certificate(string data) =>
        Refused(Aks("https://aks.example.com", data), "CertificateAuthorityData is not a certificate in base64");

    [Fact]
    public void A_server_has_one_name_only()
    {
        var errors = ClusterOptions.Errors(
            new Dictionary<string, ClusterOptions>
            {
                ["one"] = Kubeconfig("https://DEMO.example.com:443/"),
                ["two"] = Aks("https://demo.example.com", Certificate),
                ["three"] = Kubeconfig("https://demo.example.com:6443"),
                ["four"] = Kubeconfig("https://demo.example.com/another"),
            }
        );
        Assert.Contains("'one' and 'two' have the same server", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("short")]
    [InlineData("0123456789abcdef0123456789abcde")]
    [InlineData("0123456789abcdef 0123456789abcdef")]
    public void A_token_for_audit_logs_is_long_and_fits_into_a_header(string token) =>
        Refused(
            new() { Kubeconfig = Kubeconfig("https://demo.example.com").Kubeconfig, AuditTokens = [LongToken, token] },
            "AuditTokens"
        );

    [Fact]
    public void Two_clusters_cannot_have_the_same_token_for_audit_logs()
    {
        var errors = ClusterOptions.Errors(
            new Dictionary<string, ClusterOptions>
            {
                ["one"] = WithTokens("https://one.example.com", LongToken, $"{LongToken}1"),
                ["two"] = WithTokens("https://two.example.com", $"{LongToken}2", LongToken),
                ["three"] = WithTokens("https://three.example.com"),
            }
        );
        var error = Assert.Single(errors);
        Assert.Contains("'one' and 'two' have the same token", error, StringComparison.Ordinal);
        Assert.DoesNotContain(LongToken, error, StringComparison.Ordinal);

        ClusterOptions WithTokens(string server, params string[] tokens) =>
            new() { Kubeconfig = Kubeconfig(server).Kubeconfig, AuditTokens = tokens };
    }

    private const string LongToken = "0123456789abcdef0123456789abcdef";

    // The API server's flag takes a hyphen for "none".
    [Fact]
    public void A_hyphen_is_refused_as_user_name_prefix() =>
        Refused(
            new() { Kubeconfig = Kubeconfig("https://demo.example.com").Kubeconfig, UsernamePrefix = "-" },
            "UsernamePrefix"
        );

    [Theory]
    [InlineData("")]
    [InlineData("Jit")]
    [InlineData("jit/access")]
    public void Credentials_are_in_a_namespace(string name) =>
        Refused(
            new() { Kubeconfig = Kubeconfig("https://demo.example.com").Kubeconfig, CredentialNamespace = name },
            "CredentialNamespace"
        );

    [Theory]
    [InlineData("")]
    [InlineData("Jit")]
    [InlineData("jit/system")]
    public void The_reaper_is_in_a_namespace(string name) =>
        Refused(
            new() { Kubeconfig = Kubeconfig("https://demo.example.com").Kubeconfig, ReaperNamespace = name },
            "ReaperNamespace"
        );

    [Theory]
    [InlineData("http://demo.example.com")]
    [InlineData("demo.example.com")]
    public void People_reach_a_cluster_by_https(string server) =>
        Refused(
            new()
            {
                Kubeconfig = Kubeconfig("https://demo.example.com").Kubeconfig,
                PublicServer = new Uri(server, UriKind.RelativeOrAbsolute),
            },
            "PublicServer"
        );

    [Fact]
    public void People_are_told_where_a_cluster_is_and_whom_to_trust()
    {
        var options = Kubeconfig("https://demo.example.com:6443");
        var apart = new ClusterOptions
        {
            Kubeconfig = options.Kubeconfig,
            PublicServer = new("https://public.example.com"),
        };
        using var clusters = ClusterConnections.Create(
            new Dictionary<string, ClusterOptions> { ["demo"] = options, ["apart"] = apart },
            new(new(), TimeProvider.System)
        );

        Assert.Equal(new Uri("https://demo.example.com:6443"), clusters["demo"].Address.Server);
        Assert.Equal(new Uri("https://public.example.com"), clusters["apart"].Address.Server);
        Assert.Equal(Certificate, clusters["demo"].Address.CertificateAuthorityData);
    }

    [Fact]
    public void Nobody_gets_rights_where_the_credentials_are()
    {
        var elsewhere = new ClusterOptions
        {
            Kubeconfig = Kubeconfig("https://two.example.com").Kubeconfig,
            CredentialNamespace = "lent",
        };
        using var clusters = ClusterConnections.Create(
            new Dictionary<string, ClusterOptions>
            {
                ["one"] = Kubeconfig("https://one.example.com"),
                ["two"] = elsewhere,
            },
            new(new(), TimeProvider.System)
        );

        Assert.Contains(
            "jit-access of one",
            clusters.WhyReserved(Scope("one", "payments", "jit-access")),
            StringComparison.Ordinal
        );
        Assert.Contains("lent of two", clusters.WhyReserved(Scope("two", "lent")), StringComparison.Ordinal);
        Assert.Null(clusters.WhyReserved(Scope("one", "payments", "lent")));
        Assert.Null(clusters.WhyReserved(Scope("two", "jit-access")));
        Assert.Null(clusters.WhyReserved(Scope("three", "jit-access")));

        static Scope Scope(string cluster, params string[] namespaces) =>
            new(cluster, namespaces, ClusterWide: false, new(RoleKind.ClusterRole, "view"));
    }

    [Fact]
    public void Nobody_gets_rights_where_the_reaper_is_though_this_app_is_elsewhere()
    {
        var elsewhere = new ClusterOptions
        {
            Kubeconfig = Kubeconfig("https://two.example.com").Kubeconfig,
            ReaperNamespace = "reaper",
        };
        using var clusters = ClusterConnections.Create(
            new Dictionary<string, ClusterOptions>
            {
                ["one"] = Kubeconfig("https://one.example.com"),
                ["two"] = elsewhere,
            },
            new(new(), TimeProvider.System)
        );

        Assert.Contains(
            "jit-system of one",
            clusters.WhyReserved(Scope("one", "payments", "jit-system")),
            StringComparison.Ordinal
        );
        Assert.Contains("reaper of two", clusters.WhyReserved(Scope("two", "reaper")), StringComparison.Ordinal);
        Assert.Null(clusters.WhyReserved(Scope("two", "payments", "jit-system")));

        static Scope Scope(string cluster, params string[] namespaces) =>
            new(cluster, namespaces, ClusterWide: false, new(RoleKind.ClusterRole, "edit"));
    }

    private static AksOptions AksOf(string? server, string? certificate) =>
        new()
        {
            Server = server is null ? null : new Uri(server, UriKind.RelativeOrAbsolute),
            CertificateAuthorityData = certificate,
        };

    private static ClusterOptions Aks(string? server, string? certificate) =>
        new() { Aks = AksOf(server, certificate) };

    private ClusterOptions Kubeconfig(string server, string? certificate = null) =>
        new() { Kubeconfig = Write(Config(server, "token: x", certificate)) };

    private static string Config(string server, string user, string? certificate = null) =>
        $$"""
            apiVersion: v1
            kind: Config
            current-context: demo
            clusters: [{ name: demo, cluster: { server: "{{server}}", certificate-authority-data: "{{certificate
                ?? Certificate}}" } }]
            contexts: [{ name: demo, context: { cluster: demo, user: jit } }]
            users: [{ name: jit, user: { {{user}} } }]
            """;

    private string Write(string content)
    {
        var path = Path.Combine(_folder.FullName, $"{Guid.NewGuid():N}.yaml");
        File.WriteAllText(path, content);
        return path;
    }

    private static IEnumerable<string> Errors(string name, ClusterOptions options) =>
        ClusterOptions.Errors(new Dictionary<string, ClusterOptions> { [name] = options });

    private static void Refused(ClusterOptions options, string because, string name = "prod")
    {
        var error = Assert.Single(Errors(name, options));
        Assert.Contains(because, error, StringComparison.Ordinal);
        Assert.Contains($"'{name}'", error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error);
    }

    private static string Pem()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256).CreateSelfSigned(
            now,
            now.AddDays(1)
        );
        return certificate.ExportCertificatePem();
    }
}
