using Runstone.Core.Artifacts;
using Runstone.Core.Datasets;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;
using Runstone.Core.Runs;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>What every engine promises as <see cref="IIngestStore"/>.</summary>
public abstract class IngestConformance : StoreConformance
{
    [Fact]
    public async Task A_created_run_is_read_back_as_it_was_given()
    {
        var created = new NewRun(0)
        {
            Name = "naïve 🦊",
            User = "ada",
            Status = RunStatus.Scheduled,
            StartTime = -5,
            ParentId = "parent",
            ArtifactUri = "s3://x",
            Notes = "# notes",
            Environment = """{"a":1}""",
        };

        var run = await WriteAsync(new IngestBatch("r1") { Create = created });

        var expected = new Run
        {
            Id = "r1",
            ExperimentId = 0,
            Name = created.Name,
            User = "ada",
            Status = RunStatus.Scheduled,
            StartTime = -5,
            ParentId = "parent",
            ArtifactUri = "s3://x",
            Notes = "# notes",
            Environment = created.Environment,
            UpdatedAt = Now,
        };
        Assert.Equal(expected, run);
        Assert.Equal(expected, await Store.Runs.GetAsync("r1", Token));
    }

    [Fact]
    public async Task Creating_a_run_twice_is_refused_and_keeps_the_first()
    {
        await WriteAsync(Create("r1"));

        await RefusedAsync<RunAlreadyExists>(Create("r1", start: 9) with { Params = [new("a", "1")] });

        var details = await Store.Runs.GetDetailsAsync("r1", Token);
        Assert.Equal(1000, details!.Run.StartTime);
        Assert.Empty(details.Params);
    }

    [Fact]
    public async Task A_run_needs_an_experiment_that_exists_and_is_active()
    {
        var id = await ExperimentAsync("gone");
        await Store.Experiments.UpdateAsync(id, new ExperimentPatch { Lifecycle = Lifecycle.Deleted }, Now, Token);

        await RefusedAsync<ExperimentNotFound>(Create("r1", experiment: 99));
        await RefusedAsync<ExperimentNotActive>(Create("r1", experiment: id));
    }

    [Fact]
    public async Task A_write_to_an_unknown_run_is_refused() =>
        await RefusedAsync<RunNotFound>(new IngestBatch("nobody") { Tags = [new("a", "b")] });

    [Fact]
    public async Task Batches_of_a_group_see_the_ones_before_and_fail_alone()
    {
        var outcomes = await CommitAsync(
            Create("r1") with { Params = [new("lr", "0.1")] },
            new IngestBatch("r1") { Params = [new("lr", "0.2")], Tags = [new("lost", "1")], Metrics = Points(("m", 1, 1, 1)) },
            new IngestBatch("r1") { Params = [new("lr", "0.1"), new("depth", "3")] },
            Create("r1"),
            new IngestBatch("r2") { Tags = [new("a", "b")] },
            Create("r2"));

        Assert.Equal([null, typeof(ParamsChanged), null, typeof(RunAlreadyExists), typeof(RunNotFound), null], outcomes.Select(o => o.Error?.GetType()));
        var details = await Store.Runs.GetDetailsAsync("r1", Token);
        Assert.Equal([new Param("depth", "3"), new Param("lr", "0.1")], details!.Params);
        Assert.Empty(details.Tags);
        Assert.Empty(details.Metrics);
    }

    [Fact]
    public async Task A_param_never_changes_and_every_change_is_named()
    {
        await WriteAsync(Create("r1") with { Params = [new("a", "1"), new("b", "2"), new("empty", "")] });

        var error = await RefusedAsync<ParamsChanged>(
            new IngestBatch("r1") { Params = [new("a", "x"), new("new", "n"), new("b", "2"), new("empty", "y"), new("new", "o")] });

        Assert.Equal([new ParamChange("a", "1", "x"), new ParamChange("empty", "", "y"), new ParamChange("new", "n", "o")], error.Changes);
    }

    [Fact]
    public async Task A_param_may_be_replaced_when_the_batch_says_so()
    {
        await WriteAsync(Create("r1") with { Params = [new("a", "1")] });

        await WriteAsync(new IngestBatch("r1") { Params = [new("a", "2"), new("a", "3")], ParamPolicy = ParamPolicy.Replace });

        Assert.Equal([new Param("a", "3")], (await Store.Runs.GetDetailsAsync("r1", Token))!.Params);
    }

    [Fact]
    public async Task Tags_are_set_replaced_and_removed()
    {
        await WriteAsync(Create("r1") with { Tags = [new("a", "1"), new("b", "2")] });

        await WriteAsync(new IngestBatch("r1") { Tags = [new("a", "9"), new("c", "")], RemoveTags = ["b"] });

        Assert.Equal([new Tag("a", "9"), new Tag("c", "")], (await Store.Runs.GetDetailsAsync("r1", Token))!.Tags);
    }

    [Fact]
    public async Task Removing_a_tag_that_is_not_there_refuses_the_whole_batch()
    {
        await WriteAsync(Create("r1") with { Tags = [new("a", "1")] });

        var error = await RefusedAsync<RunTagNotFound>(new IngestBatch("r1") { Tags = [new("x", "1")], RemoveTags = ["a", "b"] });
        await RefusedAsync<RunTagNotFound>(new IngestBatch("r1") { RemoveTags = ["a", "a"] });

        Assert.Equal("b", error.Key);
        Assert.Equal([new Tag("a", "1")], (await Store.Runs.GetDetailsAsync("r1", Token))!.Tags);
    }

    [Fact]
    public async Task A_tag_of_the_same_batch_can_be_removed()
    {
        await WriteAsync(Create("r1") with { Tags = [new("a", "1")], RemoveTags = ["a"] });

        Assert.Empty((await Store.Runs.GetDetailsAsync("r1", Token))!.Tags);
    }

    [Fact]
    public async Task A_patch_changes_what_it_names_and_nothing_else()
    {
        await WriteAsync(Create("r1") with { Create = new NewRun(0) { Name = "n", Notes = "old", Environment = "{}" } });

        await WriteAsync(new IngestBatch("r1") { Patch = new RunPatch { Status = RunStatus.Failed, EndTime = 7, ParentId = "p" } });
        var ended = await Store.Runs.GetAsync("r1", Token);
        await WriteAsync(new IngestBatch("r1") { Patch = new RunPatch { Status = RunStatus.Running, Notes = "new", Name = "m" } });
        var resumed = await Store.Runs.GetAsync("r1", Token);

        Assert.Equal((RunStatus.Failed, 7L, "p", "n", "old"), (ended!.Status, ended.EndTime, ended.ParentId, ended.Name, ended.Notes));
        Assert.Equal((RunStatus.Running, null, "p", "m", "new", "{}"), (resumed!.Status, resumed.EndTime, resumed.ParentId, resumed.Name, resumed.Notes, resumed.Environment));
        await WriteAsync(new IngestBatch("r1") { Patch = new RunPatch { Status = RunStatus.Running, EndTime = 77, ParentId = "" } });
        var moved = await Store.Runs.GetAsync("r1", Token);
        Assert.Equal((RunStatus.Running, 77L, null), (moved!.Status, moved.EndTime, moved.ParentId));
    }

    [Fact]
    public async Task A_patch_can_end_a_run_that_runs_and_take_it_out_of_its_parent()
    {
        await WriteAsync(Create("r1") with { Create = new NewRun(0) { ParentId = "p" } });

        var run = await WriteAsync(new IngestBatch("r1") { Patch = new RunPatch { Status = RunStatus.Running, EndTime = 9, ParentId = "" } });

        Assert.Equal((9, null), (run.EndTime, run.ParentId));
        Assert.Equal(run, await Store.Runs.GetAsync("r1", Token));
    }

    [Fact]
    public async Task A_batch_of_very_many_points_is_whole()
    {
        var points = new MetricPoint[600_001];
        for (var i = 0; i < points.Length; i++)
            points[i] = new MetricPoint(i & 1, Step.Unset, i, i);
        await WriteAsync(Create("r1") with { Metrics = new MetricBatch(["a", "b"], points) });

        Assert.Equal([300_001, 300_000], (await Store.Metrics.ListAsync("r1", Token)).Select(m => m.Count));
        var last = (await SeriesAsync("r1", "a"))[^1];
        Assert.Equal(new SeriesPoint(new Step(300_000), 600_000, 600_000), last);
    }

    [Fact]
    public async Task A_deleted_run_accepts_nothing_but_its_lifecycle()
    {
        await WriteAsync(Create("r1"));
        await WriteAsync(new IngestBatch("r1") { Patch = new RunPatch { Lifecycle = Lifecycle.Deleted } });

        Assert.Equal(Now, (await Store.Runs.GetAsync("r1", Token))!.DeletedAt);
        await RefusedAsync<RunNotActive>(new IngestBatch("r1") { Tags = [new("a", "1")] });
        await RefusedAsync<RunNotActive>(new IngestBatch("r1") { Metrics = Points(("m", 0, 0, 1)) });
        await RefusedAsync<RunNotActive>(new IngestBatch("r1") { Patch = new RunPatch { Lifecycle = Lifecycle.Active, Name = "x" } });
        await WriteAsync(new IngestBatch("r1") { Patch = new RunPatch { Lifecycle = Lifecycle.Deleted } });
        var restored = await WriteAsync(new IngestBatch("r1") { Patch = new RunPatch { Lifecycle = Lifecycle.Active } });
        Assert.Null(restored.DeletedAt);
        await WriteAsync(new IngestBatch("r1") { Tags = [new("a", "1")] });
    }

    [Fact]
    public async Task An_archived_run_accepts_what_an_active_one_does()
    {
        await WriteAsync(Create("r1"));
        var archived = await WriteAsync(new IngestBatch("r1") { Patch = new RunPatch { Lifecycle = Lifecycle.Archived } });
        Assert.Equal((Lifecycle.Archived, null), (archived.Lifecycle, archived.DeletedAt));

        await WriteAsync(new IngestBatch("r1") { Tags = [new("a", "1")], Metrics = Points(("m", 0, 0, 1)), Patch = new RunPatch { Name = "x" } });
        var deleted = await WriteAsync(new IngestBatch("r1") { Patch = new RunPatch { Lifecycle = Lifecycle.Deleted } });
        await RefusedAsync<RunNotActive>(new IngestBatch("r1") { Tags = [new("a", "2")] });
        var again = await WriteAsync(new IngestBatch("r1") { Patch = new RunPatch { Lifecycle = Lifecycle.Archived } });

        Assert.Equal(("x", Now), (deleted.Name, deleted.DeletedAt));
        Assert.Equal((Lifecycle.Archived, null), (again.Lifecycle, again.DeletedAt));
        Assert.Equal(Lifecycle.Archived, (await Store.Runs.GetAsync("r1", Token))!.Lifecycle);
    }

    [Fact]
    public async Task An_archived_experiment_takes_runs()
    {
        var id = await ExperimentAsync("e");
        await Store.Experiments.UpdateAsync(id, new ExperimentPatch { Lifecycle = Lifecycle.Archived }, Now, Token);

        await WriteAsync(Create("r1", id));

        Assert.Equal(Lifecycle.Active, (await Store.Runs.GetAsync("r1", Token))!.Lifecycle);
    }

    [Fact]
    public async Task An_ended_run_refuses_batches_that_ask_for_it()
    {
        await WriteAsync(Create("r1") with { Patch = new RunPatch { Status = RunStatus.Finished } });

        var error = await RefusedAsync<RunEnded>(new IngestBatch("r1") { Tags = [new("a", "1")], RejectWhenEnded = true });
        await RefusedAsync<RunEnded>(new IngestBatch("r1") { Patch = new RunPatch { Status = RunStatus.Finished }, RejectWhenEnded = true });

        Assert.Equal(RunStatus.Finished, error.Status);
        await WriteAsync(new IngestBatch("r1") { Tags = [new("a", "1")] });
        await WriteAsync(new IngestBatch("r1") { Patch = new RunPatch { Status = RunStatus.Running }, RejectWhenEnded = true });
    }

    [Fact]
    public async Task A_batch_sent_again_has_no_effect()
    {
        await WriteAsync(Create("r1") with { Sequence = new BatchSequence("s", 0) });
        var batch = new IngestBatch("r1") { Metrics = Points(("m", 1, 1, 1)), Sequence = new BatchSequence("s", 5) };

        var outcomes = await CommitAsync(
            batch, batch, batch with { Sequence = new BatchSequence("s", 4) }, batch with { Sequence = new BatchSequence("t", 4) },
            Create("r1") with { Sequence = new BatchSequence("s", 0) });

        Assert.Equal([false, true, true, false, true], outcomes.Select(o => o.Replayed));
        Assert.All(outcomes, o => Assert.Equal("r1", o.Run!.Id));
        Assert.Equal(2, (await Store.Metrics.ListAsync("r1", Token))[0].Count);
    }

    [Fact]
    public async Task A_refused_batch_does_not_use_up_its_number()
    {
        await WriteAsync(Create("r1") with { Params = [new("a", "1")] });
        var sequence = new BatchSequence("s", 1);

        await RefusedAsync<ParamsChanged>(new IngestBatch("r1") { Params = [new("a", "2")], Sequence = sequence });
        var outcome = (await CommitAsync(new IngestBatch("r1") { Tags = [new("t", "1")], Sequence = sequence }))[0];

        Assert.False(outcome.Replayed);
        Assert.Null(outcome.Error);
    }

    [Fact]
    public async Task A_dataset_is_kept_as_first_described_and_linked_once()
    {
        var first = new Dataset("d", "sha256:1", "local", "a.csv", "schema", null);
        var batch = Create("r1") with { Inputs = [new(first, [new("context", "training"), new("a", "b")])], Models = [new("m2", ModelDirection.Output, 1), new("m1", ModelDirection.Input, 0)] };
        await WriteAsync(batch);

        await WriteAsync(Create("r2") with { Inputs = [new(first with { Source = "other" }, [])] });
        await WriteAsync(new IngestBatch("r1") { Inputs = [new(first, [new("context", "testing")]), new(first with { Digest = "2" }, [])] });

        var one = await Store.Runs.GetDetailsAsync("r1", Token);
        var two = await Store.Runs.GetDetailsAsync("r2", Token);
        Assert.Equal<string[]>(["sha256:1", "2"], [.. one!.Inputs.Select(i => i.Dataset.Digest)]);
        Assert.Equal([new Tag("a", "b"), new Tag("context", "training")], one.Inputs[0].Tags);
        Assert.Equal(batch.Models, one.Models);
        Assert.Equal(first, two!.Inputs[0].Dataset);
    }

    [Fact]
    public async Task Keys_and_values_of_any_script_and_length_are_kept()
    {
        var key = string.Concat(Enumerable.Repeat("𝔎", 256));
        var value = new string('v', 100_000) + "🦊\n\t";

        await WriteAsync(Create("r1") with { Params = [new(key, value), new("\u0001", "\u007fx")], Tags = [new("é", value), new("e\u0301", "2")], Metrics = Points((key, 1, 2, 3)) });

        var details = await Store.Runs.GetDetailsAsync("r1", Token);
        Assert.Equal([new Param("\u0001", "\u007fx"), new Param(key, value)], details!.Params);
        Assert.Equal([new Tag("e\u0301", "2"), new Tag("é", value)], details.Tags);
        Assert.Equal(key, details.Metrics[0].Key);
    }

    [Fact]
    public async Task A_run_takes_twenty_thousand_keys()
    {
        var keys = Enumerable.Range(0, 20_000).Select(i => $"layer/{i:D5}/weight").ToArray();
        await WriteAsync(Create("r1"));

        await WriteAsync(new IngestBatch("r1") { Metrics = new MetricBatch(keys, Enumerable.Range(0, keys.Length).Select(i => new MetricPoint(i, new Step(1), 5, i)).ToArray()) });

        Assert.Equal<string[]>(keys, [.. (await Store.Metrics.ListAsync("r1", Token)).Select(m => m.Key)]);
        Assert.Equal([new SeriesPoint(new Step(1), 5, 19_999)], await SeriesAsync("r1", keys[^1]));
    }

    [Fact]
    public async Task Files_are_linked_replaced_and_removed()
    {
        var (a, b) = (new BlobRef(new string('a', 64), 1), new BlobRef(new string('b', 64), 2));
        await WriteAsync(Create("r1") with { Artifacts = [new("x/1", a), new("x/2", a), new("x0", a), new("y", a)] });

        await WriteAsync(new IngestBatch("r1") { Artifacts = [new("y", b)], RemoveArtifacts = ["x", "nothing"] });

        Assert.Equal([new Artifact("x0", a, Now), new Artifact("y", b, Now)], await Store.Artifacts.ListAllAsync("r1", "", "", 10, Token));
    }

    [Fact]
    public async Task The_update_time_grows_with_every_commit_whatever_the_clock_says()
    {
        await WriteAsync(Create("r1"));
        var outcomes = new IngestOutcome[2];

        await Store.Ingest.CommitAsync([new IngestBatch("r1") { Tags = [new("a", "1")] }], outcomes, Now - 5000, Token);
        Assert.Equal(Now + 1, outcomes[0].Run!.UpdatedAt);
        await Store.Ingest.CommitAsync(
            [new IngestBatch("r1") { Tags = [new("a", "2")] }, new IngestBatch("r1") { Tags = [new("b", "1")] }], outcomes, Now + 1, Token);

        Assert.Equal(Now + 2, outcomes[1].Run!.UpdatedAt);
        Assert.Equal(Now + 2, (await Store.Runs.GetAsync("r1", Token))!.UpdatedAt);
    }
}
