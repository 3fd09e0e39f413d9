using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace Runstone.Client.Runs;

/// <summary>Turns objects and dictionaries into flat params: names with dots, values as text in the invariant culture.</summary>
internal static class ParamFlattener
{
    private const int MaxDepth = 8;
    private const int MaxListItems = 1000;

    public static void Flatten(string prefix, object? value, Action<string, string> write, Action<string, Exception> onError) =>
        Flatten(prefix, value, 0, write, onError);

    private static void Flatten(string name, object? value, int depth, Action<string, string> write, Action<string, Exception> onError)
    {
        try
        {
            if (TextOf(value) is { } text)
            {
                write(name.Length == 0 ? "value" : name, text);
                return;
            }

            // An object that contains itself ends here instead of never.
            if (depth == MaxDepth)
                write(name, value!.ToString() ?? "");
            else if (EntriesOf(value!) is { } entries)
                FlattenEntries(name, entries, depth, write, onError);
            else if (value is IEnumerable list)
                write(name.Length == 0 ? "value" : name, ListText(list));
            else
                FlattenProperties(name, value!, depth, write, onError);
        }
        catch (Exception e)
        {
            onError(name, e);
        }
    }

    private static void FlattenEntries(
        string name, IEnumerable<(string Key, object? Value)> entries, int depth, Action<string, string> write, Action<string, Exception> onError)
    {
        foreach (var (key, value) in entries)
            Flatten(Join(name, key), value, depth + 1, write, onError);
    }

    private static void FlattenProperties(string name, object value, int depth, Action<string, string> write, Action<string, Exception> onError)
    {
        foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (!property.CanRead || property.GetIndexParameters().Length > 0)
                continue;
            var key = Join(name, property.Name);
            object? child;
            try
            {
                child = property.GetValue(value);
            }
            catch (Exception e)
            {
                onError(key, e is TargetInvocationException { InnerException: { } inner } ? inner : e);
                continue;
            }

            Flatten(key, child, depth + 1, write, onError);
        }
    }

    private static IEnumerable<(string Key, object? Value)>? EntriesOf(object value)
    {
        var pairs = value.GetType().GetInterfaces()
            .Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>))
            .Select(i => i.GetGenericArguments()[0])
            .FirstOrDefault(t => t.IsGenericType && t.GetGenericTypeDefinition() == typeof(KeyValuePair<,>));
        if (pairs is null)
            return (value as IDictionary)?.Keys.Cast<object>().Select(k => (TextOf(k) ?? k.ToString() ?? "", ((IDictionary)value)[k]));
        var key = pairs.GetProperty("Key")!;
        var item = pairs.GetProperty("Value")!;
        return ((IEnumerable)value).Cast<object>().Select(p => (TextOf(key.GetValue(p)) ?? "", item.GetValue(p)));
    }

    private static string Join(string prefix, string name) => prefix.Length == 0 ? name : prefix + "." + name;

    /// <summary>The text of a plain value; null when it has parts.</summary>
    private static string? TextOf(object? value) => value switch
    {
        null => "null",
        string text => text,
        bool flag => flag ? "true" : "false",
        Enum name => name.ToString(),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        float number => number.ToString("R", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        Type type => type.FullName ?? type.Name,
        Uri or FileSystemInfo or Delegate or Version => value.ToString(),
        _ => null,
    };

    private static string ListText(IEnumerable list)
    {
        var text = new StringBuilder("[");
        var count = 0;
        foreach (var item in list)
        {
            if (count > 0)
                text.Append(", ");
            if (count++ == MaxListItems)
            {
                text.Append("...");
                break;
            }

            text.Append(TextOf(item) ?? (item is IEnumerable inner ? ListText(inner) : item.ToString()));
        }

        return text.Append(']').ToString();
    }
}
