using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Runstone.Formats.Tables;

/// <summary>
/// NumPy's .npy (NEP 1, versions 1 to 3): the first axis is the rows, the others together the columns, named by their indices. Read where the rows lie, so
/// that any row of a long array costs the same.
/// </summary>
internal static partial class NumpyArray
{
    private const int MaxHeader = 64 * 1024;
    private const int MaxBytes = 16 * 1024 * 1024;

    public static async Task<TablePage> ReadAsync(TableFile file, long offset, int limit, CancellationToken cancellationToken)
    {
        var (shape, code, isTurned, start) = await HeaderAsync(file, cancellationToken);
        var total = shape.Length == 0 ? 1 : shape[0];
        var columns = Product(file.Name, shape.Skip(1));
        var rowBytes = Product(file.Name, [columns, Width(file.Name, code)]);
        if (Product(file.Name, [total, rowBytes]) != file.Size - start)
            throw TableLimits.Malformed(file.Name, "its header and its size do not agree; it was not written to the end.");
        if (columns > TableLimits.MaxColumns)
            throw TableLimits.Malformed(file.Name, string.Create(CultureInfo.InvariantCulture, $"a row has {columns} values; at most {TableLimits.MaxColumns} are shown."));
        if (rowBytes > MaxBytes)
            throw TableLimits.Malformed(file.Name, string.Create(CultureInfo.InvariantCulture, $"a row has {rowBytes} bytes; at most {MaxBytes} are shown."));
        var first = Math.Min(offset, total);
        var count = (int)Math.Min(Math.Min(TableLimits.Rows(limit, (int)columns), MaxBytes / Math.Max(1, rowBytes)), total - first);
        if (isTurned && file.Size > MaxBytes)
            throw TableLimits.Malformed(file.Name, string.Create(CultureInfo.InvariantCulture, $"its values lie in the order of columns (fortran_order), and more than {MaxBytes} bytes of them are not turned; save numpy.ascontiguousarray(a) to see its rows."));
        var bytes = isTurned
            ? await BytesAsync(file, start, checked((int)(total * rowBytes)), cancellationToken)
            : await BytesAsync(file, start + (first * rowBytes), checked((int)(count * rowBytes)), cancellationToken);
        var (width, read) = (Width(file.Name, code), ReaderOf(code));
        var strides = Strides(shape);
        var rows = Enumerable.Range(0, count).Select(r => Enumerable.Range(0, (int)columns).Select(c => read(bytes.AsSpan(PlaceOf(r, c) * width, width))).ToArray());
        var type = code[1] switch { 'b' => TableType.Boolean, 'U' or 'S' or 'c' => TableType.Text, _ => TableType.Number };
        return new TablePage("npy", [.. Names(shape).Select(n => new TableColumn(n, type))], [.. rows], first + count < total, total);

        int PlaceOf(int row, int column)
        {
            if (!isTurned)
                return (row * (int)columns) + column;
            var place = first + row;
            for (var axis = shape.Length - 1; axis > 0; axis--)
            {
                place += column % (int)shape[axis] * strides[axis];
                column /= (int)shape[axis];
            }

            return (int)place;
        }
    }

    /// <summary>NumPy's name of the type, and the shape.</summary>
    public static async Task<(string Type, long[] Shape)> FactsAsync(TableFile file, CancellationToken cancellationToken)
    {
        var (shape, code, _, _) = await HeaderAsync(file, cancellationToken);
        return (code, shape);
    }

    /// <summary>How far apart two neighbours of each axis lie in the order of columns.</summary>
    private static long[] Strides(long[] shape)
    {
        var strides = new long[shape.Length];
        for (var axis = 0; axis < shape.Length; axis++)
            strides[axis] = axis == 0 ? 1 : strides[axis - 1] * shape[axis - 1];
        return strides;
    }

    private static async Task<(long[] Shape, string Code, bool IsTurned, long Start)> HeaderAsync(TableFile file, CancellationToken cancellationToken)
    {
        var lead = await BytesAsync(file, 0, (int)Math.Min(12, file.Size), cancellationToken);
        if (lead.Length < 12 || lead[0] != 0x93 || !lead.AsSpan(1, 5).SequenceEqual("NUMPY"u8) || lead[6] is < 1 or > 3)
            throw TableLimits.Malformed(file.Name, "it does not begin as a .npy file does.");
        var (at, length) = lead[6] == 1 ? (10, BinaryPrimitives.ReadUInt16LittleEndian(lead.AsSpan(8))) : (12, BinaryPrimitives.ReadUInt32LittleEndian(lead.AsSpan(8)));
        if (length > MaxHeader || at + length > file.Size)
            throw TableLimits.Malformed(file.Name, $"its header says that it has {length} bytes.");
        var text = Encoding.UTF8.GetString(await BytesAsync(file, at, (int)length, cancellationToken));
        var (code, order, shape) = (Descr().Match(text), Order().Match(text), Shape().Match(text));
        if (!code.Success || !order.Success || !shape.Success)
            throw TableLimits.Malformed(file.Name, "its header is not one of an array of plain values.");
        var sizes = shape.Groups["sizes"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var isTurned = order.Groups["order"].Value == "True" && sizes.Length > 1;
        return ([.. sizes.Select(s => Size(file.Name, s))], code.Groups["code"].Value, isTurned, at + length);
    }

    private static long Size(string name, string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : throw TableLimits.Malformed(name, "a size of its shape is no number.");

    private static long Product(string name, IEnumerable<long> sizes)
    {
        var product = 1L;
        foreach (var size in sizes)
        {
            if (size != 0 && product > long.MaxValue / size)
                throw TableLimits.Malformed(name, "its header says more values than there can be.");
            product *= size;
        }

        return product;
    }

    private static IEnumerable<string> Names(long[] shape)
    {
        if (shape.Length < 2)
            return ["value"];
        if (shape[1..].Contains(0))
            return [];
        IEnumerable<string> names = [""];
        foreach (var size in shape[1..])
            names = names.SelectMany(n => Enumerable.Range(0, (int)size).Select(i => string.Create(CultureInfo.InvariantCulture, $"{n}{(n.Length == 0 ? "" : ",")}{i}")));
        return names;
    }

    private static async Task<byte[]> BytesAsync(TableFile file, long offset, int length, CancellationToken cancellationToken)
    {
        var bytes = new byte[length];
        if (length == 0)
            return bytes;
        await using var content = await file.OpenAsync(offset, length, cancellationToken);
        await content.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }

    private static int Width(string name, string code) => code[1..] switch
    {
        "b1" or "i1" or "u1" => 1,
        "i2" or "u2" or "f2" => 2,
        "i4" or "u4" or "f4" => 4,
        "i8" or "u8" or "f8" or "c8" => 8,
        "c16" => 16,
        ['U', .. var count] when int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var units) && units is > 0 and <= TableLimits.MaxCellText => 4 * units,
        ['S', .. var count] when int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var units) && units is > 0 and <= TableLimits.MaxCellText => units,
        _ => throw TableLimits.Malformed(name, $"values of type '{code}' are not shown; booleans, numbers and texts are."),
    };

    private delegate object? ValueReader(ReadOnlySpan<byte> bytes);

    private static ValueReader ReaderOf(string code)
    {
        var isBig = code[0] == '>';
        return code[1..] switch
        {
            "b1" => b => b[0] != 0,
            "i1" => b => (long)(sbyte)b[0],
            "u1" => b => (long)b[0],
            "i2" => b => (long)(isBig ? BinaryPrimitives.ReadInt16BigEndian(b) : BinaryPrimitives.ReadInt16LittleEndian(b)),
            "u2" => b => (long)(isBig ? BinaryPrimitives.ReadUInt16BigEndian(b) : BinaryPrimitives.ReadUInt16LittleEndian(b)),
            "i4" => b => (long)(isBig ? BinaryPrimitives.ReadInt32BigEndian(b) : BinaryPrimitives.ReadInt32LittleEndian(b)),
            "u4" => b => (long)(isBig ? BinaryPrimitives.ReadUInt32BigEndian(b) : BinaryPrimitives.ReadUInt32LittleEndian(b)),
            "i8" => b => isBig ? BinaryPrimitives.ReadInt64BigEndian(b) : BinaryPrimitives.ReadInt64LittleEndian(b),
            "u8" => b => isBig ? BinaryPrimitives.ReadUInt64BigEndian(b) : BinaryPrimitives.ReadUInt64LittleEndian(b),
            "f2" => b => (double)(isBig ? BinaryPrimitives.ReadHalfBigEndian(b) : BinaryPrimitives.ReadHalfLittleEndian(b)),
            "f4" => b => Shortest(isBig ? BinaryPrimitives.ReadSingleBigEndian(b) : BinaryPrimitives.ReadSingleLittleEndian(b)),
            "f8" => b => isBig ? BinaryPrimitives.ReadDoubleBigEndian(b) : BinaryPrimitives.ReadDoubleLittleEndian(b),
            "c8" => b => Complex(
                Shortest(isBig ? BinaryPrimitives.ReadSingleBigEndian(b) : BinaryPrimitives.ReadSingleLittleEndian(b)),
                Shortest(isBig ? BinaryPrimitives.ReadSingleBigEndian(b[4..]) : BinaryPrimitives.ReadSingleLittleEndian(b[4..]))),
            "c16" => b => Complex(
                isBig ? BinaryPrimitives.ReadDoubleBigEndian(b) : BinaryPrimitives.ReadDoubleLittleEndian(b),
                isBig ? BinaryPrimitives.ReadDoubleBigEndian(b[8..]) : BinaryPrimitives.ReadDoubleLittleEndian(b[8..])),
            ['U', ..] => b => (isBig ? BigUtf32 : Encoding.UTF32).GetString(b).TrimEnd('\0'),
            _ => b => Encoding.UTF8.GetString(b).TrimEnd('\0'),
        };
    }

    private static readonly Encoding BigUtf32 = new UTF32Encoding(bigEndian: true, byteOrderMark: false);

    /// <summary>As NumPy writes it: 1+2j.</summary>
    private static string Complex(double real, double imaginary) =>
        string.Create(CultureInfo.InvariantCulture, $"{real}{(imaginary < 0 ? "" : "+")}{imaginary}j");

    /// <summary>The double that is written with the digits of the float: 0.1 and not 0.10000000149011612.</summary>
    private static double Shortest(float value) =>
        float.IsFinite(value) ? double.Parse(value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : value;

    [GeneratedRegex(@"'descr'\s*:\s*'(?<code>[<>|=][biufcUS]\d{1,5})'", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Descr();

    [GeneratedRegex(@"'fortran_order'\s*:\s*(?<order>True|False)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Order();

    [GeneratedRegex(@"'shape'\s*:\s*\((?<sizes>[\d,\sL]{0,500})\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Shape();
}
