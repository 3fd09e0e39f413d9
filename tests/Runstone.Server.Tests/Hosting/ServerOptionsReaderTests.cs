using System.Collections;
using System.Net;
using Runstone.Server.Hosting;

namespace Runstone.Server.Tests.Hosting;

public sealed class ServerOptionsReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runstone-options-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Without_settings_the_defaults_hold()
    {
        var options = Read().Options!;
        Assert.Equal((5000, IPAddress.Loopback, false), (options.Port, options.Host, options.Verbose));
        Assert.Equal(Path.Combine(_folder, "runstone-data"), options.Data);
    }

    [Fact]
    public void The_command_line_wins_over_the_environment_and_that_over_the_file()
    {
        File.WriteAllText(Path.Combine(_folder, "runstone.json"), """{ "port": 1, "data": "from-file", "verbose": true }""");
        var environment = new Hashtable { ["RUNSTONE__PORT"] = "2", ["RUNSTONE__DATA"] = "from-environment", ["PATH"] = "x" };
        var options = Read(["--port=3"], environment).Options!;
        Assert.Equal((3, Path.Combine(_folder, "from-environment"), true), (options.Port, options.Data, options.Verbose));
    }

    [Fact]
    public void All_mistakes_are_told_at_once_with_key_value_and_what_is_allowed()
    {
        File.WriteAllText(Path.Combine(_folder, "runstone.json"), """{ "prot": 1 }""");
        var environment = new Hashtable { ["RUNSTONE__HOST"] = "0.0.0.0" };
        var errors = Read(["--port", "70000", "--colour", "--data"], environment).Errors;
        Assert.Equal(5, errors.Count);
        Assert.Contains(errors, e => e.Contains("'prot'", StringComparison.Ordinal) && e.Contains("port", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("RUNSTONE__HOST: '0.0.0.0'", StringComparison.Ordinal) && e.Contains("access control", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("--port: '70000'", StringComparison.Ordinal) && e.Contains("0 to 65535", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("--colour: there is no such option", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("--data: the value is missing", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_setting_can_stand_in_the_environment_with_underscores()
    {
        var environment = new Hashtable
        {
            ["RUNSTONE__DATABASE"] = "Host=db.example;Username=u;Password=p;Database=d",
            ["RUNSTONE__DATABASE_LISTEN"] = "Host=db.example;Port=5433",
            ["RUNSTONE__BLOBS"] = "s3://team/runs/",
            ["RUNSTONE__BLOBS_ENDPOINT"] = "http://s3.example:9000",
            ["RUNSTONE__BLOBS_REGION"] = "eu-central-1",
            ["RUNSTONE__BLOBS_STYLE"] = "virtual",
            ["RUNSTONE__LOG"] = "json",
            ["RUNSTONE__OTLP"] = "http://127.0.0.1:4318/v1/metrics",
            ["RUNSTONE__PUBLIC_URL"] = "https://runs.example, http://node:5000",
            ["RUNSTONE__ALLOW_ANONYMOUS"] = "true",
            ["RUNSTONE__DRAIN"] = "25",
            ["RUNSTONE__BLOB_GRACE"] = "48",
            ["RUNSTONE__WRITERS"] = "4",
        };
        var options = Read([], environment).Options!;
        Assert.Equal(("db.example:5432/d", "db.example:5433/"), (options.Database!.ToString(), options.DatabaseListen!.ToString()));
        Assert.Equal(("team", "runs", "s3://team/runs"), (options.Blobs!.Bucket, options.Blobs.Prefix, options.Blobs.ToString()));
        Assert.Equal((new Uri("http://s3.example:9000"), "eu-central-1", false), (options.BlobsEndpoint, options.BlobsRegion, options.BlobsPathStyle));
        Assert.Equal((true, new Uri("http://127.0.0.1:4318/v1/metrics"), true), (options.JsonLog, options.Otlp, options.AllowAnonymous));
        Assert.Equal([new Uri("https://runs.example"), new Uri("http://node:5000")], options.PublicUrls);
        Assert.Equal((TimeSpan.FromSeconds(25), TimeSpan.FromHours(48), 4), (options.Drain, options.BlobGrace, options.Writers));
    }

    [Theory]
    [InlineData("--database", "Host=a;Pasword=geheim", "'pasword'")]
    [InlineData("--database", "Host=a;Port=geheim", "'port'")]
    [InlineData("--database", "Password=geheim;Database=d", "'Host' is missing")]
    [InlineData("--database", "Host=a;Password='geheim", "stands in quotes")]
    [InlineData("--database", "geheim", "key=value")]
    [InlineData("--database", "postgres://u:geheim@a/d", "not a connection string")]
    [InlineData("--blobs", "s3://key:geheim@bucket", "environment")]
    [InlineData("--blobs", "s3://Geheim", "name of the bucket")]
    [InlineData("--blobs", "s3://bucket/a/../geheim", "prefix")]
    [InlineData("--blobs", "gs://geheim", "not supported")]
    [InlineData("--blobs-endpoint", "http://u:geheim@a", "not such an address")]
    [InlineData("--otlp", "geheim", "not such an address")]
    [InlineData("--public-url", "https://a.example,ftp://geheim", "not such an address")]
    [InlineData("--public-url", "https://a.example/geheim", "has a path")]
    [InlineData("--port", "5000 geheim", "0 to 65535", false)]
    public void What_may_hold_a_secret_is_explained_without_quoting_it(string option, string value, string said, bool secret = true)
    {
        var error = Assert.Single(Read([option, value], new Hashtable { ["RUNSTONE__BLOBS"] = "s3://bucket" }).Errors);
        Assert.StartsWith(option + ": ", error, StringComparison.Ordinal);
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.Equal(!secret, error.Contains("geheim", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void A_connection_string_torn_apart_by_a_shell_is_not_quoted()
    {
        var errors = Read(["--database", "Host=a;", "Password=geheim", "geheim", "--databse=Password=geheim"]).Errors;
        Assert.Equal(3, errors.Count);
        Assert.All(errors, e => Assert.DoesNotContain("geheim", e, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--database-listen", "Host=a", "--database,")]
    [InlineData("--blobs-endpoint", "http://a", "--blobs is not set")]
    [InlineData("--blobs-region", "a", "--blobs is not set")]
    [InlineData("--blobs-style", "path", "--blobs is not set")]
    [InlineData("--blobs-style", "path", "--blobs is a folder", "--blobs=files")]
    [InlineData("--blobs-style", "virtual", "is an address", "--blobs=s3://abc", "--blobs-endpoint=http://127.0.0.1:9000")]
    [InlineData("--host", "0.0.0.0", "access control")]
    public void Settings_that_need_others_say_so(string option, string value, string said, params string[] more)
    {
        var error = Assert.Single(Read([option, value, .. more]).Errors);
        Assert.StartsWith(option + ": ", error, StringComparison.Ordinal);
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_for_blobs_is_seen_from_the_working_directory() =>
        Assert.Equal(Path.Combine(_folder, "files"), Read(["--blobs", "files"]).Options!.Blobs!.Folder);

    [Theory]
    [InlineData("0.0.0.0", true)]
    [InlineData("::", true)]
    [InlineData("192.168.1.5", true)]
    [InlineData("lab", false)]
    public void Others_are_let_in_when_it_is_said_in_so_many_words(string host, bool allowed) =>
        Assert.Equal(allowed, Read(["--host", host, "--allow-anonymous"]).Options is not null);

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.8.8.8", true)]
    [InlineData("::1", true)]
    [InlineData("[::1]", true)]
    [InlineData("localhost", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("::", false)]
    [InlineData("192.168.1.5", false)]
    [InlineData("lab", false)]
    public void Without_more_only_loopback_is_listened_on(string host, bool allowed) =>
        Assert.Equal(allowed, Read(["--host", host]).Options is not null);

    [Theory]
    [InlineData("{ \"port\": ")]
    [InlineData("[1]")]
    [InlineData("{ \"port\": [1] }")]
    public void A_broken_file_is_named(string content)
    {
        File.WriteAllText(Path.Combine(_folder, "runstone.json"), content);
        Assert.Contains("runstone.json", Assert.Single(Read().Errors), StringComparison.Ordinal);
    }

    private ServerOptionsResult Read(string[]? args = null, IDictionary? environment = null) =>
        ServerOptionsReader.Read(args ?? [], environment ?? new Hashtable(), _folder);
}
