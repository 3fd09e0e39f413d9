using System.Runtime.InteropServices;
using System.Text;
using CsCheck;
using Runstone.Client.Outbox;

namespace Runstone.Client.Tests.Outbox;

public sealed class OutboxLogTests : IDisposable
{
    private readonly TempFolder _home = new();
    private readonly List<Exception?> _unwritable = [];
    private readonly List<string> _damage = [];

    public void Dispose() => _home.Dispose();

    private OutboxFolder NewFolder(string runId = "run1") =>
        OutboxFolder.Create(_home.Path, new OutboxMeta(1, "http://127.0.0.1:1/", runId, "source", "exp", null, 1, 5));

    private OutboxWriter NewWriter(OutboxFolder folder) => new(folder, OutboxFormat.MinSegmentBytes, TimeProvider.System, _unwritable.Add);

    private List<string> ReadAll(OutboxFolder folder, OutboxPosition? from = null)
    {
        using var reader = new OutboxReader(folder, from ?? OutboxPosition.Start, _damage.Add);
        var found = new List<string>();
        while (reader.TryRead(out var record))
        {
            if (record.Type == RecordType.Point)
            {
                var point = MemoryMarshal.Read<PointPayload>(record.Payload);
                found.Add($"{reader.KeyName(point.Key)} {point.Step} {point.Micros} {point.Time} {point.Value:R}");
            }
            else if (record.Type != RecordType.Key)
            {
                found.Add($"{record.Type} {Encoding.UTF8.GetString(record.Payload)}");
            }
        }

        return found;
    }

    [Fact]
    public void What_is_written_is_read_in_order_over_many_segments()
    {
        using var folder = NewFolder();
        using var writer = NewWriter(folder);
        var expected = new List<string>();
        for (var i = 0; i < 20_000; i++)
        {
            var key = "metric/" + (i % 7);
            Assert.True(writer.WritePoint(key, i, 0, i * 10L, i / 3.0));
            expected.Add($"{key} {i} 0 {i * 10L} {i / 3.0:R}");
        }

        Assert.Equal(expected, ReadAll(folder));
        Assert.True(Directory.GetFiles(folder.Path, "*.log").Length > 5);
        Assert.Empty(_damage);
    }

    [Fact]
    public void Any_mix_of_records_survives_with_any_key() =>
        Gen.Select(Gen.String[1, 60], Gen.Long, Gen.Int[-1, 999_999], Gen.Double, Gen.Byte.Array[1, 9_000])
            .List[1, 60].Sample(records =>
            {
                using var folder = NewFolder(Guid.CreateVersion7().ToString("N"));
                using var writer = NewWriter(folder);
                var expected = new List<string>();
                foreach (var (key, step, micros, value, bytes) in records)
                {
                    writer.WritePoint(key, step, micros, 3, value);
                    expected.Add($"{Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(key))} {step} {micros} 3 {value:R}");
                    writer.Write(RecordType.Facts, bytes);
                    expected.Add($"{RecordType.Facts} {Encoding.UTF8.GetString(bytes)}");
                }

                Assert.Equal(expected, ReadAll(folder));
            }, iter: 40, threads: 1);

    [Fact]
    public void A_record_larger_than_a_segment_gets_a_segment_of_its_own()
    {
        using var folder = NewFolder();
        using var writer = NewWriter(folder);
        var large = new string('x', 300_000);
        writer.WritePoint("a", 1, 0, 1, 1);
        Assert.True(writer.Write(RecordType.Facts, Encoding.UTF8.GetBytes(large)));
        writer.WritePoint("a", 2, 0, 1, 1);
        Assert.Equal(["a 1 0 1 1", "Facts " + large, "a 2 0 1 1"], ReadAll(folder));
    }

    [Fact]
    public void Reading_goes_on_from_any_position()
    {
        using var folder = NewFolder();
        using var writer = NewWriter(folder);
        for (var i = 0; i < 3000; i++)
            writer.WritePoint("k" + (i % 3), i, 0, 0, i);
        var all = ReadAll(folder);
        using var reader = new OutboxReader(folder, OutboxPosition.Start, _damage.Add);
        var points = 0;
        while (reader.TryRead(out var record))
        {
            points += record.Type == RecordType.Point ? 1 : 0;
            if (reader.Position.Ordinal % 500 == 0)
                Assert.Equal(all[points..], ReadAll(folder, reader.Position));
        }
    }

    [Fact]
    public void A_live_reader_sees_records_as_they_come()
    {
        using var folder = NewFolder();
        using var writer = NewWriter(folder);
        using var reader = new OutboxReader(folder, OutboxPosition.Start, _damage.Add);
        for (var i = 0; i < 5000; i++)
        {
            Assert.False(reader.TryRead(out _));
            writer.Write(RecordType.Facts, Encoding.UTF8.GetBytes("n" + i));
            Assert.True(reader.TryRead(out var record));
            Assert.Equal("n" + i, Encoding.UTF8.GetString(record.Payload));
        }
    }

    [Fact]
    public void A_torn_last_record_ends_the_log_before_it()
    {
        using var folder = NewFolder();
        using (var writer = NewWriter(folder))
        {
            for (var i = 0; i < 10; i++)
                writer.WritePoint("a", i, 0, 0, i);
        }

        Damage(folder.SegmentPath(1), LastRecordOffset(folder) + 20);
        Assert.Equal(9, ReadAll(folder).Count);
        Assert.Contains("checksum", Assert.Single(_damage), StringComparison.Ordinal);
    }

    [Fact]
    public void Damage_in_one_segment_costs_only_the_rest_of_that_segment()
    {
        using var folder = NewFolder();
        using (var writer = NewWriter(folder))
        {
            for (var i = 0; i < 6000; i++)
                writer.WritePoint("a", i, 0, 0, i);
        }

        var before = ReadAll(folder);
        Damage(folder.SegmentPath(2), 30_000);
        var after = ReadAll(folder);
        Assert.Single(_damage);
        Assert.Equal(before.Intersect(after, StringComparer.Ordinal).ToList(), after);
        Assert.Equal(before[0], after[0]);
        Assert.Equal(before[^1], after[^1]);
        Assert.InRange(before.Count - after.Count, 1, OutboxFormat.MinSegmentBytes / 48);
    }

    [Fact]
    public void A_reader_goes_back_before_damage_it_met_and_tells_of_it_once()
    {
        using var folder = NewFolder();
        using (var writer = NewWriter(folder))
        {
            for (var i = 0; i < 6000; i++)
                writer.WritePoint("a", i, 0, 0, i);
        }

        Damage(folder.SegmentPath(1), 30_000);
        using var reader = new OutboxReader(folder, OutboxPosition.Start, _damage.Add);
        var all = new List<long>();
        while (all.Count < 1000 && reader.TryRead(out var record))
            all.Add(record.Ordinal);
        reader.Rewind(OutboxPosition.Start);
        var again = new List<long>();
        while (again.Count < 1000 && reader.TryRead(out var record))
            again.Add(record.Ordinal);
        Assert.Equal(all, again);
        Assert.True(all[^1] > 1000, $"{all[^1]} is not behind the damage.");

        Assert.Single(_damage);
    }

    [Fact]
    public void Any_bytes_can_be_read_without_a_crash() => Gen.Select(Gen.Byte.Array[0, 400], Gen.Int[0, 4000]).Sample(damage =>
        {
            using var folder = NewFolder(Guid.CreateVersion7().ToString("N"));
            using (var writer = NewWriter(folder))
            {
                for (var i = 0; i < 80; i++)
                    writer.WritePoint("a", i, 0, 0, i);
            }

            using (var file = new FileStream(folder.SegmentPath(1), FileMode.Open))
            {
                file.Position = damage.Item2;
                file.Write(damage.Item1);
            }

            var intact = Enumerable.Range(0, 80).Select(i => $"a {i} 0 0 {i}").ToList();
            var read = ReadAll(folder);
            Assert.Equal(intact[..read.Count], read);
        }, iter: 300, threads: 1);

    [Fact]
    public void After_its_end_the_log_takes_nothing()
    {
        using var folder = NewFolder();
        using var writer = NewWriter(folder);
        Assert.True(writer.Write(RecordType.End, "{}"u8));
        Assert.False(writer.WritePoint("a", 1, 0, 0, 1));
        Assert.False(writer.Write(RecordType.Facts, "{}"u8));
        Assert.Equal(0, writer.Dropped);
        Assert.Equal(["End {}"], ReadAll(folder));
    }

    [Fact]
    public void When_no_segment_can_be_made_points_are_counted_and_the_cause_is_told()
    {
        var folder = NewFolder();
        using var writer = NewWriter(folder);
        // Nothing can be created below what is no folder any more.
        Directory.Delete(folder.Path, recursive: true);
        File.WriteAllText(folder.Path, "");
        var written = 0;
        while (writer.WritePoint("a", written, 0, 0, 1))
            written++;
        for (var i = 0; i < 100; i++)
            Assert.False(writer.WritePoint("a", i, 0, 0, 1));
        Assert.Equal(101, writer.Dropped);
        Assert.NotNull(_unwritable[0]);
        folder.Dispose();
    }

    [Fact]
    public void Writers_of_many_threads_lose_nothing()
    {
        using var folder = NewFolder();
        using var writer = NewWriter(folder);
        Parallel.For(0, 8, t =>
        {
            for (var i = 0; i < 2000; i++)
                writer.WritePoint("t" + t, i, 0, 0, i);
        });
        var read = ReadAll(folder);
        Assert.Equal(16_000, read.Count);
        for (var t = 0; t < 8; t++)
            Assert.Equal(Enumerable.Range(0, 2000).Select(i => $"t{t} {i} 0 0 {i}").ToList(), read.FindAll(r => r.StartsWith($"t{t} ", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_second_outbox_of_a_run_lies_beside_the_first_and_a_held_one_cannot_be_taken()
    {
        using var first = NewFolder();
        using var second = NewFolder();
        Assert.EndsWith("run1", first.Path, StringComparison.Ordinal);
        Assert.EndsWith("run1.2", second.Path, StringComparison.Ordinal);
        Assert.True(OutboxFolder.HasSibling(first));
        Assert.True(OutboxFolder.IsInUse(first.Path));
        Assert.Null(OutboxFolder.TryOpen(first.Path));
        first.Dispose();
        Assert.False(OutboxFolder.IsInUse(first.Path));
        using var taken = OutboxFolder.TryOpen(first.Path);
        Assert.Equal("run1", taken!.Meta.RunId);
    }

    private static long LastRecordOffset(OutboxFolder folder)
    {
        using var reader = new OutboxReader(folder, OutboxPosition.Start, _ => { });
        long last = 0, at = reader.Position.Offset;
        while (reader.TryRead(out _))
            (last, at) = (at, reader.Position.Offset);
        return last;
    }

    private static void Damage(string file, long offset)
    {
        using var stream = new FileStream(file, FileMode.Open);
        stream.Position = offset;
        var value = stream.ReadByte();
        stream.Position = offset;
        stream.WriteByte((byte)(value ^ 0xFF));
    }
}
