using System.Globalization;
using System.Text;
using System.Text.Json;
using Runstone.Core.Access;
using Runstone.Core.Errors;

namespace Runstone.Core.Views;

/// <summary>Use cases of saved views. Everybody opens all of them; only who saved a view changes it.</summary>
public sealed class ViewService(IViewStore store, TimeProvider time)
{
    /// <summary>Views of one experiment.</summary>
    public const int MaxViews = 1000;

    /// <summary>Bytes of settings, as UTF-8.</summary>
    public const int MaxSettingsBytes = 262_144;

    private const int MaxNameLength = 120;
    private const int MaxDepth = 32;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public Task<IReadOnlyList<SavedView>> ListAsync(long experimentId, CancellationToken cancellationToken) => store.ListAsync(experimentId, cancellationToken);

    /// <summary>The view; throws <see cref="ViewNotFound"/> also when it is one of another experiment.</summary>
    public async Task<SavedView> GetAsync(long experimentId, long id, CancellationToken cancellationToken) =>
        await store.GetAsync(id, cancellationToken) is { } view && view.ExperimentId == experimentId
            ? view
            : throw new RunstoneException(new ViewNotFound(id.ToString(CultureInfo.InvariantCulture)));

    public Task<SavedView> CreateAsync(NewView view, CancellationToken cancellationToken)
    {
        RequireName(view.Name);
        RequireSettings(view.Settings);
        return store.CreateAsync(view, MaxViews, Now, cancellationToken);
    }

    public async Task<SavedView> UpdateAsync(long experimentId, long id, ViewPatch patch, Person person, CancellationToken cancellationToken)
    {
        if (patch.Name is not null)
            RequireName(patch.Name);
        if (patch.Settings is not null)
            RequireSettings(patch.Settings);
        await RequireOwnAsync(experimentId, id, person, cancellationToken);
        return await store.UpdateAsync(id, patch, Now, cancellationToken);
    }

    public async Task DeleteAsync(long experimentId, long id, Person person, CancellationToken cancellationToken)
    {
        await RequireOwnAsync(experimentId, id, person, cancellationToken);
        await store.DeleteAsync(id, cancellationToken);
    }

    public Task SetDefaultAsync(long experimentId, long? id, CancellationToken cancellationToken) => store.SetDefaultAsync(experimentId, id, cancellationToken);

    public Task<Workspace?> GetWorkspaceAsync(long experimentId, Person person, CancellationToken cancellationToken) =>
        store.GetWorkspaceAsync(experimentId, person.Name, cancellationToken);

    public Task<Workspace> SetWorkspaceAsync(long experimentId, Person person, string settings, CancellationToken cancellationToken)
    {
        RequireSettings(settings);
        return store.SetWorkspaceAsync(experimentId, person.Name, settings, Now, cancellationToken);
    }

    private async Task RequireOwnAsync(long experimentId, long id, Person person, CancellationToken cancellationToken)
    {
        var view = await GetAsync(experimentId, id, cancellationToken);
        if (!string.Equals(view.Person, person.Name, StringComparison.Ordinal))
            throw new RunstoneException(new Error(ErrorCode.Forbidden, $"The view is {view.Person}'s. Save one of your own under any name.", "viewId"));
    }

    private static void RequireName(string name)
    {
        StoredText.Require("name", name);
        if (string.IsNullOrWhiteSpace(name))
            throw new RunstoneException(Error.Invalid("name", "The view's name is empty."));
        if (name.Length > MaxNameLength)
            throw new RunstoneException(new Error(ErrorCode.TooLarge, $"The view's name has {name.Length} characters; at most {MaxNameLength} are allowed.", "name"));
    }

    private static void RequireSettings(string settings)
    {
        StoredText.Require("settings", settings);
        var bytes = Encoding.UTF8.GetByteCount(settings);
        if (bytes > MaxSettingsBytes)
            throw new RunstoneException(new Error(ErrorCode.TooLarge, $"The settings have {bytes} bytes; at most {MaxSettingsBytes} are kept.", "settings"));
        try
        {
            using var document = JsonDocument.Parse(settings, new JsonDocumentOptions { MaxDepth = MaxDepth });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new RunstoneException(Error.Invalid("settings", "The settings are not a JSON object."));
        }
        catch (JsonException e)
        {
            throw new RunstoneException(Error.Invalid("settings", $"The settings are not JSON of at most {MaxDepth} levels: {e.Message}"), e);
        }
    }
}
