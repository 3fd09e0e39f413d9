using Spectre.Console;

namespace Runstone.Cli.Output;

/// <summary>Bars that fit the terminal and leave nothing behind.</summary>
internal static class BarColumns
{
    // Below it the cells of a row would be broken into lines of a few characters each.
    private const int RoomForAll = 72;

    /// <param name="console">Where they are drawn.</param>
    /// <param name="details">What stands behind the name of each; a narrow terminal shows only how far it is.</param>
    public static Progress Bars(this IAnsiConsole console, params ProgressColumn[] details)
    {
        var name = new TaskDescriptionColumn { Alignment = Justify.Left };
        return console.Progress().AutoClear(true)
            .Columns(console.Profile.Width < RoomForAll ? [name, new PercentageColumn()] : [name, .. details]);
    }
}
