using Runstone.Server.Tests;

namespace Runstone.Client.Tests;

/// <summary>Files that cannot be read any more, and mistakes in the client itself: both are told, and neither holds anything up.</summary>
public sealed class BrokenUploadTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Files_that_are_gone_at_the_upload_are_set_aside_and_what_follows_is_sent()
    {
        await using var server = await RunningServer.StartAsync();
        await using var proxy = await FaultProxy.StartAsync(target: null);
        await using var bench = new Bench(proxy.Address);
        var gone = bench.Files.File("in/gone.bin", "x");
        var folder = bench.Files.File("in/folder.bin", "x");
        await using var run = await bench.StartAsync();
        run.LogArtifact(gone, "gone.bin", ArtifactStaging.Reference);
        run.LogArtifact(folder, "folder.bin", ArtifactStaging.Reference);
        run.LogText("staged.txt", "x");
        File.Delete(gone);
        File.Delete(folder);
        Directory.CreateDirectory(folder);
        Directory.Delete(Path.Combine(run.OutboxFolder!, "files"), recursive: true);
        run.LogText("after.txt", "x");
        run.Log("counter", 0, 0);
        proxy.Target = new Uri(server.Address);
        await run.DisposeAsync();

        await FaultTests.AssertCompleteAsync(bench, run.Id, 1);
        Assert.Equal("after.txt", Assert.Single(await bench.Client.Artifacts.ListAsync(run.Id, cancellationToken: Cancellation)).Path);
        Assert.Equal(3, bench.Told.Count(t => t.Code is DiagnosticCodes.FileUnreadable));
        var rejected = Assert.Single(Directory.GetDirectories(Path.Combine(bench.Home, "rejected")));
        var lines = await File.ReadAllLinesAsync(Path.Combine(rejected, "rejected.jsonl"), Cancellation);
        Assert.Equal(3, lines.Length);
        Assert.All(lines, l => Assert.Contains("\"code\":\"unreadable\"", l, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(UnauthorizedAccessException))]
    [InlineData(typeof(InvalidOperationException))]
    public async Task A_stream_that_throws_is_not_a_server_that_is_away(Type kind)
    {
        await using var server = await RunningServer.StartAsync();
        await using var bench = new Bench(server.Address);
        await using var run = await bench.StartAsync();
        Assert.True(await run.FlushAsync(cancellationToken: Cancellation));
        await using var stream = new OddStream(200_000, 100_000, () => throw (Exception)Activator.CreateInstance(kind, "the disk is on fire")!);
        var told = await Assert.ThrowsAsync<IOException>(() => bench.Client.Artifacts.UploadAsync(run.Id, "a.bin", stream, cancellationToken: Cancellation));
        Assert.Equal("the disk is on fire", told.Message);
        Assert.IsType(kind, told.InnerException);
    }

    [Fact]
    public async Task A_file_that_grows_is_sent_up_to_the_length_it_had()
    {
        await using var server = await RunningServer.StartAsync();
        await using var bench = new Bench(server.Address);
        await using var run = await bench.StartAsync();
        Assert.True(await run.FlushAsync(cancellationToken: Cancellation));
        await using var stream = new OddStream(100_000, long.MaxValue, () => 0);
        var uploaded = await bench.Client.Artifacts.UploadAsync(run.Id, "a.bin", stream, cancellationToken: Cancellation);
        Assert.Equal(100_000, uploaded.Size);
    }

    [Fact]
    public async Task A_file_that_shrinks_is_unreadable()
    {
        await using var server = await RunningServer.StartAsync();
        await using var bench = new Bench(server.Address);
        await using var run = await bench.StartAsync();
        Assert.True(await run.FlushAsync(cancellationToken: Cancellation));
        await using var stream = new OddStream(200_000, 100_000, () => 0);
        var told = await Assert.ThrowsAsync<IOException>(() => bench.Client.Artifacts.UploadAsync(run.Id, "a.bin", stream, cancellationToken: Cancellation));
        Assert.Contains("became shorter", told.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "/metrics/batches")]
    [InlineData("PUT", "/artifacts/")]
    public async Task A_lane_that_dies_is_told_and_holds_nobody_up(string method, string path)
    {
        await using var server = await RunningServer.StartAsync();
        using var handler = new BrokenHandler(r => r.Method.Method.Equals(method, StringComparison.Ordinal) && r.RequestUri!.AbsolutePath.Contains(path, StringComparison.Ordinal));
        await using var bench = new Bench(server.Address, new TrackingClientOptions { HttpHandler = handler, DrainTimeout = Timeout.InfiniteTimeSpan });
        await using var run = await bench.StartAsync();
        run.Log("counter", 0, 0);
        run.LogText("a.txt", "x");
        await bench.WaitToldAsync(DiagnosticCodes.InternalError);
        Assert.False(await run.FlushAsync(Timeout.InfiniteTimeSpan, Cancellation));
        run.Log("counter", 1, 1);
        await run.DisposeAsync();
        var told = Assert.Single(bench.Told, t => t.Code is DiagnosticCodes.InternalError);
        Assert.Contains(run.OutboxFolder!, told.Message, StringComparison.Ordinal);

        handler.IsBroken = false;
        Assert.Equal(OutboxSyncOutcome.Synced, Assert.Single(await bench.Sync().RunAsync(cancellationToken: Cancellation)).Outcome);
        await FaultTests.AssertCompleteAsync(bench, run.Id, 2);
        Assert.Single(await bench.Client.Artifacts.ListAsync(run.Id, cancellationToken: Cancellation));
    }

    /// <summary>A mistake of the client, for the requests it is asked about.</summary>
    private sealed class BrokenHandler(Func<HttpRequestMessage, bool> decide) : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
    {
        public bool IsBroken { get; set; } = true;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            IsBroken && decide(request) ? throw new InvalidOperationException("a mistake") : base.SendAsync(request, cancellationToken);
    }

    /// <summary>A stream with a length of its own, and other bytes behind it; at the end of those it does as told.</summary>
    private sealed class OddStream(long length, long bytes, Func<int> atEnd) : Stream
    {
        private long _read;

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position { get => _read; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_read == bytes)
                return atEnd();
            var read = (int)Math.Min(count, bytes - _read);
            _read += read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
