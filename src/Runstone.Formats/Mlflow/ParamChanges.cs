using Runstone.Core.Runs;

namespace Runstone.Formats.Mlflow;

/// <summary>Words the refusal of a batch that changes params.</summary>
public static class ParamChanges
{
    public static string Describe(ParamsChanged error) =>
        $"Changing param values is not allowed. Params were already logged='[{string.Join(", ", error.Changes.Select(Describe))}]' for run ID='{error.RunId}'.";

    private static string Describe(ParamChange change) =>
        $"{{'key': {PythonText.Repr(change.Key)}, 'old_value': {PythonText.Repr(change.OldValue)}, 'new_value': {PythonText.Repr(change.NewValue)}}}";
}
