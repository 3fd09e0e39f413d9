using System.Buffers.Binary;
using System.IO.Compression;

namespace Runstone.Seed.Painting;

/// <summary>A square picture of a stone with runes before the sky: what a small network learns to paint.</summary>
internal static class Picture
{
    public const int Size = 64;
    public const int Pixels = Size * Size;

    /// <summary>What a pixel shows.</summary>
    public static readonly string[] Classes = ["sky", "stone", "rune"];

    private static readonly (double R, double G, double B)[] Colours = [(0.55, 0.71, 0.88), (0.42, 0.42, 0.45), (0.86, 0.33, 0.2)];

    /// <summary>The class of the pixel at a place, both coordinates from -1 to 1, y downwards.</summary>
    public static int ClassAt(double x, double y)
    {
        var stone = Math.Pow(Math.Abs(x / 0.62), 4) + Math.Pow(Math.Abs((y - 0.2) / 1.0), 4) < 1;
        if (!stone)
            return 0;
        var column = Math.Abs(x - (Math.Round(x / 0.3) * 0.3)) < 0.045 && Math.Abs(y) < 0.62 && Math.Abs(x) < 0.4;
        var branch = Math.Abs(x) < 0.4 && Math.Abs(((y * 3) + (x * 4)) % 1.1) < 0.13 && Math.Abs(y) < 0.5 && y < 0.1;
        return column || branch ? 2 : 1;
    }

    /// <summary>Red, green and blue of that pixel, each from 0 to 1.</summary>
    public static (double R, double G, double B) ColourAt(double x, double y)
    {
        var (r, g, b) = Colours[ClassAt(x, y)];
        var shade = 0.08 * ((x * 0.6) - (y * 0.8));
        return (r + shade, g + shade, b + shade);
    }

    /// <summary>The class whose colour is nearest.</summary>
    public static int Nearest(double r, double g, double b) =>
        Colours.Index().MinBy(c => Math.Pow(c.Item.R - r, 2) + Math.Pow(c.Item.G - g, 2) + Math.Pow(c.Item.B - b, 2)).Index;

    /// <summary>The place of a pixel's middle on an axis.</summary>
    public static double Place(int index) => ((index + 0.5) / Size * 2) - 1;

    /// <summary>A PNG (ISO/IEC 15948) of 8 bits a colour out of three values a pixel, row by row.</summary>
    public static byte[] ToPng(ReadOnlySpan<double> rgb)
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Size);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Size);
        (header[8], header[9]) = (8, 2);
        Chunk(file, "IHDR"u8, header);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (var row = 0; row < Size; row++)
            {
                zlib.WriteByte(0);
                foreach (var value in rgb.Slice(row * Size * 3, Size * 3))
                    zlib.WriteByte((byte)Math.Clamp(value * 255, 0, 255));
            }
        }

        Chunk(file, "IDAT"u8, packed.ToArray());
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static void Chunk(Stream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        byte[] content = [.. type, .. data];
        file.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(content));
        file.Write(number);
    }

    private static uint Crc(ReadOnlySpan<byte> content)
    {
        var crc = uint.MaxValue;
        foreach (var one in content)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }

        return ~crc;
    }
}
