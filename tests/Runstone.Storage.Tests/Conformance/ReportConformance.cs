using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Reports;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>What every engine promises as <see cref="IReportStore"/>.</summary>
public abstract class ReportConformance : StoreConformance
{
    [Fact]
    public async Task Every_version_stays_as_it_was_saved()
    {
        var made = await Store.Reports.CreateAsync(0, "ana", new ReportText("Week 47", "# First ☃"), Now, Token);
        Assert.Equal(new ReportVersion(1, "ana", Now, "Week 47", "# First ☃"), made.Newest);
        var saved = await Store.Reports.SaveAsync(made.Id, 1, "mei", new ReportText("Week 48", ""), Now + 1, Token);
        Assert.Equal(made with { Newest = new ReportVersion(2, "mei", Now + 1, "Week 48", "") }, saved);

        Assert.Equal(saved, await Store.Reports.GetAsync(made.Id, Token));
        Assert.Equal(made.Newest, await Store.Reports.GetVersionAsync(made.Id, 1, Token));
        Assert.Equal(saved.Newest, await Store.Reports.GetVersionAsync(made.Id, 2, Token));
        Assert.Null(await Store.Reports.GetVersionAsync(made.Id, 3, Token));
        Assert.Equal([saved.Newest with { Body = null }, made.Newest with { Body = null }], await Store.Reports.ListVersionsAsync(made.Id, null, 10, Token));
        Assert.Equal([made.Newest with { Body = null }], await Store.Reports.ListVersionsAsync(made.Id, 2, 10, Token));
        Assert.Equal([saved.Newest with { Body = null }], await Store.Reports.ListVersionsAsync(made.Id, null, 1, Token));
    }

    [Fact]
    public async Task Of_those_who_save_on_the_same_version_one_succeeds()
    {
        var made = await MakeAsync("a", Now);
        var kept = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            try
            {
                await Store.Reports.SaveAsync(made.Id, 1, "ana", new ReportText("a", $"by {i}"), Now + i, Token);
                return true;
            }
            catch (RunstoneException e)
            {
                Assert.Equal(2, Assert.IsType<ReportChanged>(e.Error).Newest);
                return false;
            }
        }));
        Assert.Equal(1, kept.Count(saved => saved));
        Assert.Equal(2, (await Store.Reports.GetAsync(made.Id, Token))!.Newest.Number);
    }

    [Fact]
    public async Task What_was_saved_last_is_listed_first_page_by_page()
    {
        var other = await ExperimentAsync("other");
        var a = await MakeAsync("a", Now);
        var b = await MakeAsync("b", Now);
        var c = await MakeAsync("c", Now + 5, other);
        var free = await MakeAsync("free", Now - 5, null);
        await Store.Reports.SaveAsync(a.Id, 1, "ana", new ReportText("a2", "x"), Now + 9, Token);

        Assert.Equal("a2 c b free", await ListAsync(new ReportQuery()));
        Assert.Equal("a2 b", await ListAsync(new ReportQuery { ExperimentId = 0 }));
        Assert.Equal("c", await ListAsync(new ReportQuery { ExperimentId = other }));
        Assert.Equal("a2 c", await ListAsync(new ReportQuery { Limit = 2 }));
        Assert.Equal("b free", await ListAsync(new ReportQuery { Limit = 2, After = new ReportPosition(Now + 5, c.Id) }));
        Assert.Equal("free", await ListAsync(new ReportQuery { After = new ReportPosition(Now, b.Id) }));
        Assert.Null((await Store.Reports.ListAsync(new ReportQuery(), Token))[0].Newest.Body);
        Assert.Equal(Now - 5, free.CreatedAt);
    }

    [Fact]
    public async Task A_deleted_report_is_hidden_until_it_is_restored()
    {
        var made = await MakeAsync("a", Now);
        Assert.Equal(Lifecycle.Deleted, (await Store.Reports.SetLifecycleAsync(made.Id, Lifecycle.Deleted, Token)).Lifecycle);
        Assert.Equal(("", "a", "a"), (await ListAsync(new ReportQuery()), await ListAsync(new ReportQuery { Lifecycle = LifecycleView.Deleted }), await ListAsync(new ReportQuery { Lifecycle = LifecycleView.All })));
        Assert.Equal(made.Newest, (await Store.Reports.GetAsync(made.Id, Token))!.Newest);
        await FailsAsync<ReportNotActive>(() => Store.Reports.SaveAsync(made.Id, 1, "ana", new ReportText("b", ""), Now, Token));
        Assert.Equal(made, await Store.Reports.SetLifecycleAsync(made.Id, Lifecycle.Active, Token));
        Assert.Equal("a", await ListAsync(new ReportQuery()));
    }

    [Fact]
    public async Task An_archived_report_is_hidden_and_can_be_saved()
    {
        var made = await MakeAsync("a", Now);
        await Store.Reports.SetLifecycleAsync(made.Id, Lifecycle.Archived, Token);
        Assert.Equal(("", "a", ""), (await ListAsync(new ReportQuery()), await ListAsync(new ReportQuery { Lifecycle = LifecycleView.Archived }), await ListAsync(new ReportQuery { Lifecycle = LifecycleView.Deleted })));
        Assert.Equal(Lifecycle.Archived, (await Store.Reports.SaveAsync(made.Id, 1, "ana", new ReportText("b", ""), Now, Token)).Lifecycle);
    }

    [Fact]
    public async Task What_is_not_there_is_said()
    {
        Assert.Null(await Store.Reports.GetAsync(77, Token));
        Assert.Empty(await Store.Reports.ListVersionsAsync(77, null, 10, Token));
        await FailsAsync<ReportNotFound>(() => Store.Reports.SaveAsync(77, 1, "ana", new ReportText("a", ""), Now, Token));
        await FailsAsync<ReportNotFound>(() => Store.Reports.SetLifecycleAsync(77, Lifecycle.Deleted, Token));
        await FailsAsync<ExperimentNotFound>(() => MakeAsync("a", Now, 77));
        Assert.Empty(await Store.Reports.ListAsync(new ReportQuery(), Token));
    }

    private Task<Report> MakeAsync(string title, long now, long? experiment = 0) =>
        Store.Reports.CreateAsync(experiment, "ana", new ReportText(title, "body of " + title), now, Token);

    private async Task<string> ListAsync(ReportQuery query) =>
        string.Join(" ", (await Store.Reports.ListAsync(query, Token)).Select(r => r.Newest.Title));

    private static async Task<TError> FailsAsync<TError>(Func<Task> call)
        where TError : Error => Assert.IsType<TError>((await Assert.ThrowsAsync<RunstoneException>(call)).Error);
}
