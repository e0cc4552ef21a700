using System.Net;
using System.Net.Http.Json;
using JitFunctions.EmbeddedHost.Tests.Fixtures;
using JitFunctions.EmbeddedHost.Tests.SampleFunctions;
using JitFunctions.EmbeddedHost.Tests.Support;
using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace JitFunctions.EmbeddedHost.Tests.Http;

public sealed class HttpTests(PostgresFixture postgres) : IAsyncLifetime
{
    private TestHost _host = null!;
    private HttpClient _http = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await TestHost.StartAsync(
            await postgres.NewDatabaseAsync(),
            builder =>
            {
                builder.UseMiddleware<Outer>();
                builder.UseWhen<HttpOnly>(context =>
                    context.FunctionDefinition.InputBindings.Values.Any(binding => binding.Type == "httpTrigger")
                );
                builder.Services.AddScoped<Scoped>();
            }
        );
        _http = _host.Http;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Route_values_bind_by_name_below_the_prefix_of_host_json() =>
        Assert.Equal(
            "hello you hello you",
            await _http.GetFromJsonAsync<string>("api/greet/you/2?word=hello", Cancellation)
        );

    [Theory]
    [InlineData("GET", "api/things/5f0c2f6a3c1e4a5e9d0c0f7a3a1b2c3d", HttpStatusCode.OK)]
    [InlineData("GET", "api/things/not-a-guid", HttpStatusCode.NotFound)]
    [InlineData("GET", "api/greet/you/often", HttpStatusCode.NotFound)]
    [InlineData("PUT", "api/things/not-a-guid", HttpStatusCode.Created)]
    [InlineData("POST", "api/things/1", HttpStatusCode.Created)]
    [InlineData("DELETE", "api/things/1", HttpStatusCode.NotFound)]
    [InlineData("GET", "api/nothing", HttpStatusCode.NotFound)]
    [InlineData("GET", "things/1", HttpStatusCode.NotFound)]
    [InlineData("PATCH", "api/Unrouted", HttpStatusCode.OK)]
    [InlineData("GET", "api/numbers/1", HttpStatusCode.OK)]
    [InlineData("GET", "api/numbers/many", HttpStatusCode.InternalServerError)]
    public async Task Calls_go_to_the_function_of_their_route_and_method_or_nowhere(
        string method,
        string address,
        HttpStatusCode expected
    )
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        using var answer = await _http.SendAsync(request, Cancellation);

        Assert.Equal(expected, answer.StatusCode);
        if (expected >= HttpStatusCode.BadRequest)
            Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Fact]
    public async Task Each_invocation_has_a_scope_of_its_own()
    {
        var first = await _http.GetStringAsync("api/Unrouted", Cancellation);
        var second = await _http.GetStringAsync("api/Unrouted", Cancellation);

        Assert.StartsWith("Unrouted in the same scope", first, StringComparison.Ordinal);
        Assert.NotEqual(first, second);
        await Eventually.HoldsAsync(
            () => _host.Journal.Lines.Count(line => line == "scope ends") == 2,
            "both scopes have ended"
        );
    }

    [Fact]
    public async Task Middleware_runs_in_order_around_http_orchestrator_and_activity()
    {
        using var answer = await _http.PostAsync("api/facts/mw", null, Cancellation);
        await _host.CompletionAsync("mw");

        Assert.Equal(
            [
                "outer StartFacts httpTrigger",
                "inner StartFacts",
                "outer Facts orchestrationTrigger",
                "outer Twice activityTrigger",
                "outer Facts orchestrationTrigger",
            ],
            _host.Journal.Lines.Where(line => line != "scope ends")
        );
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    [Fact]
    public async Task Middleware_can_answer_instead_of_the_function()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/break") { Headers = { { "X-Refuse", "yes" } } };
        using var answer = await _http.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Middleware_can_turn_an_exception_into_an_answer()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/break") { Headers = { { "X-Teapot", "yes" } } };
        using var answer = await _http.SendAsync(request, Cancellation);

        Assert.Equal((HttpStatusCode)418, answer.StatusCode);
    }

    [Fact]
    public async Task An_unhandled_exception_is_logged_and_answered_without_details()
    {
        using var answer = await _http.GetAsync("api/break", Cancellation);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Contains(
            _host.Log.Lines,
            line =>
                line.Contains("Break", StringComparison.Ordinal)
                && line.Contains("the secret of /api/break", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_not_taken_for_a_whole_one() =>
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => _http.GetStringAsync("api/break-late", Cancellation));

    [Fact]
    public async Task Bodies_pass_whole_in_both_directions()
    {
        var body = new byte[3_000_000];
        new Random(1).NextBytes(body);
        using var answer = await _http.PostAsync(
            "api/echo",
            new ByteArrayContent(body) { Headers = { { "Content-Type", "application/x-test" } } },
            Cancellation
        );

        Assert.Equal("application/x-test", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(body, await answer.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Fact]
    public async Task A_caller_that_names_an_invocation_gets_its_own_answer_and_disturbs_nobody()
    {
        var first = _http.GetStringAsync("api/slow/first", Cancellation);
        await Eventually.HoldsAsync(() => _host.Journal.Lines.Contains("slow first"), "the first call is at work");
        using var forged = new HttpRequestMessage(HttpMethod.Get, "api/slow/second")
        {
            Headers = { { "x-ms-invocation-id", Guid.Empty.ToString() } },
        };
        var second = _http.SendAsync(forged, Cancellation);
        await Eventually.HoldsAsync(() => _host.Journal.Lines.Contains("slow second"), "the second call is at work");
        _host.Journal.Note("go second");
        using var answer = await second;
        _host.Journal.Note("go first");

        Assert.StartsWith("\"second ", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.DoesNotContain(
            Guid.Empty.ToString(),
            await answer.Content.ReadAsStringAsync(Cancellation),
            StringComparison.Ordinal
        );
        Assert.StartsWith("\"first ", await first, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_that_hangs_up_ends_its_function_without_noise()
    {
        using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var call = _http.GetAsync("api/endless", hangUp.Token);
        await Eventually.HoldsAsync(() => _host.Journal.Lines.Contains("endless begins"), "the call is at work");
        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        await Eventually.HoldsAsync(
            () => _host.Journal.Lines.Any(line => line.StartsWith("endless is", StringComparison.Ordinal)),
            "the function has ended"
        );
        Assert.Equal("hello you", await _http.GetFromJsonAsync<string>("api/greet/you/1?word=hello", Cancellation));
    }

    [Fact]
    public async Task A_function_has_a_client_and_its_exceptions()
    {
        using var first = await _http.PostAsync("api/facts/twice", null, Cancellation);
        await _host.CompletionAsync("twice");
        await _host.Client.ScheduleNewOrchestrationInstanceAsync(
            nameof(Orchestrations.ThreeEvents),
            new StartOrchestrationOptions("live"),
            Cancellation
        );
        using var again = await _http.PostAsync("api/facts/live", null, Cancellation);

        Assert.Equal([HttpStatusCode.Accepted, HttpStatusCode.Conflict], [first.StatusCode, again.StatusCode]);
    }

    [Fact]
    public async Task Calls_side_by_side_get_each_their_own_answer()
    {
        var answers = await Task.WhenAll(
            Enumerable
                .Range(1, 100)
                .Select(async number =>
                    (number, await _http.GetFromJsonAsync<string>($"api/greet/{number}/1?word=n", Cancellation))
                )
        );

        Assert.Each(answers, answer => Assert.Equal($"n {answer.number}", answer.Item2));
    }

    [Fact]
    public async Task No_input_or_output_is_logged()
    {
        await _host.RunAsync(nameof(Orchestrations.Sequence), new Order("pomegranates", 3));

        Assert.DoesNotContain(_host.Log.Lines, line => line.Contains("pomegranates", StringComparison.Ordinal));
    }
}
