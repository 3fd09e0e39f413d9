using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Runstone.Load.Http;
using Runstone.Protocol;

namespace Runstone.MetricsBench;

/// <summary>Reads answers to see that they are right.</summary>
internal static class Answers
{
    public const string PointsType = "application/vnd.runstone.points";
    public const string FramesType = "application/vnd.runstone.frames";

    private const int Head = 8;

    /// <summary>Points of all series of a run.</summary>
    public static long Count(Connection connection, string run)
    {
        connection.Send(Requests.Build("GET", $"/api/v1/runs/{run}/metrics"));
        return JsonSerializer.Deserialize(connection.Body, RunstoneJson.Default.IReadOnlyDictionaryStringMetricSummaryInfo)!.Values.Sum(s => s.Count);
    }

    /// <summary>A request that says which type its answer is to have.</summary>
    public static byte[] Request(string method, string path, string type, string body = "")
    {
        var request = Encoding.UTF8.GetString(Requests.Build(method, path, body));
        return Encoding.UTF8.GetBytes(request.Replace("\r\nHost:", $"\r\nAccept: {type}\r\nHost:", StringComparison.Ordinal));
    }

    /// <summary>Number of points and sum of the values of an answer in bytes (docs/formats/metric-frames.md), whose steps must be 0, 1, 2...</summary>
    public static (long Points, double Sum) Points(ReadOnlySpan<byte> body)
    {
        Session.Expect(body.StartsWith("RSPOINT1"u8), $"the answer has no points");
        var (points, sum) = (0L, 0.0);
        for (body = body[Head..]; BinaryPrimitives.ReadUInt32LittleEndian(body) is > 0 and var count;)
        {
            var length = (int)count * sizeof(long);
            Session.Expect(BinaryPrimitives.ReadUInt32LittleEndian(body[4..]) == 0, $"steps have fractions");
            body = body[Head..];
            for (var i = 0; i < length; i += sizeof(long))
            {
                Session.Expect(BinaryPrimitives.ReadInt64LittleEndian(body[i..]) == points++, $"step {points - 1} is missing");
                sum += BinaryPrimitives.ReadDoubleLittleEndian(body[((2 * length) + i)..]);
            }

            body = body[(3 * length)..];
        }

        return (points, sum);
    }

    /// <summary>How often the part stands in the text.</summary>
    public static int CountOf(ReadOnlySpan<byte> text, ReadOnlySpan<byte> part)
    {
        var count = 0;
        for (var at = text.IndexOf(part); at >= 0; at = text.IndexOf(part))
        {
            count++;
            text = text[(at + part.Length)..];
        }

        return count;
    }
}
