using System.Runtime.InteropServices;

namespace Runstone.Client.Outbox;

/// <summary>How much a finished log holds.</summary>
/// <param name="Records">Records, from the first.</param>
/// <param name="LastTime">Unix milliseconds of the newest point, else of the start.</param>
internal readonly record struct OutboxExtent(long Records, long LastTime)
{
    public static OutboxExtent Measure(OutboxFolder folder)
    {
        var last = folder.Meta.CreatedAt;
        using var reader = new OutboxReader(folder, folder.ReadSent().Log, _ => { });
        while (reader.TryRead(out var record))
        {
            if (record.Type is RecordType.Point or RecordType.Integer)
                last = Math.Max(last, MemoryMarshal.Read<PointPayload>(record.Payload).Time);
        }

        return new OutboxExtent(reader.Position.Ordinal, last);
    }
}
