using System.Globalization;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Administration;

/// <summary>
/// Makes the tables that belong to no run equal to those of the source, which is read at one instant. Rows are compared by
/// owner, so that what was copied before costs a comparison.
/// </summary>
internal sealed class CatalogCopy(SqlSession source, SqlSession target, Action<string> replaced)
{
    /// <summary>How many rows were written or removed.</summary>
    public async ValueTask<long> RunAsync(CancellationToken cancellationToken)
    {
        long changes = 0;
        foreach (var table in StoreTables.Catalog.Reverse())
            changes += await RemoveAsync(table, cancellationToken);
        foreach (var table in StoreTables.Catalog)
            changes += await WriteAsync(table, cancellationToken);
        return changes;
    }

    /// <summary>Removes what the source does not have, and what will be written anew; frees names that others are about to take.</summary>
    private async ValueTask<long> RemoveAsync(StoreTable table, CancellationToken cancellationToken)
    {
        long changes = 0;
        await CompareAsync(
            table,
            async (owner, wanted, present) =>
            {
                if (present.Count == 0)
                    return;
                if (wanted.Count == 0 || !table.IsReferred)
                {
                    await DeleteAsync(table, owner, cancellationToken);
                    changes += present.Count;
                }
                else if (table == StoreTables.Experiment || table == StoreTables.RegisteredModel)
                {
                    var aside = string.Create(CultureInfo.InvariantCulture, $"\u2400{owner}");
                    await target.ExecuteAsync(SqlText.Fixed($"update {table.Name} set name = @name where id = @id", aside, owner), cancellationToken);
                }
            },
            cancellationToken);
        return changes;
    }

    private async ValueTask<long> WriteAsync(StoreTable table, CancellationToken cancellationToken)
    {
        long changes = 0;
        var fresh = new List<object?[]>();
        await CompareAsync(
            table,
            async (_, wanted, present) =>
            {
                changes += wanted.Count;
                if (present.Count > 0 && table.IsReferred)
                    await UpdateAsync(table, wanted[0].Values, cancellationToken);
                else
                    fresh.AddRange(wanted.Select(r => r.Values));
                if (fresh.Count >= table.Page)
                    await FlushAsync(table, fresh, cancellationToken);
            },
            cancellationToken);
        await FlushAsync(table, fresh, cancellationToken);
        return changes;
    }

    private async ValueTask FlushAsync(StoreTable table, List<object?[]> rows, CancellationToken cancellationToken)
    {
        if (rows.Count > 0)
            await target.InsertAsync(table.Table, rows, cancellationToken);
        rows.Clear();
    }

    private async ValueTask UpdateAsync(StoreTable table, object?[] values, CancellationToken cancellationToken)
    {
        var columns = table.Table.Columns.Skip(1).Select(c => $"{c.Name} = @{c.Name}");
        var statement = $"update {table.Name} set {string.Join(", ", columns)} where id = @id";
        await target.ExecuteAsync(SqlText.Fixed(statement, [.. values.Skip(1), values[0]]), cancellationToken);
    }

    private async ValueTask DeleteAsync(StoreTable table, long owner, CancellationToken cancellationToken) =>
        await target.ExecuteAsync(SqlText.Fixed($"delete from {table.Name} where {table.Owner} = @owner", owner), cancellationToken);

    /// <summary>Calls back for each owner whose rows differ.</summary>
    private async ValueTask CompareAsync(
        StoreTable table, Func<long, List<StoreRow>, List<StoreRow>, ValueTask> differs, CancellationToken cancellationToken)
    {
        var wanted = new OwnerReader(source, table, target.Dialect.KeepsNul ? null : replaced);
        var present = new OwnerReader(target, table, null);
        await wanted.MoveAsync(cancellationToken);
        await present.MoveAsync(cancellationToken);
        while (wanted.Rows.Count > 0 || present.Rows.Count > 0)
        {
            var owner = Math.Min(wanted.Owner, present.Owner);
            var (left, right) = (wanted.Take(owner), present.Take(owner));
            if (!AreEqual(left, right))
                await differs(owner, left, right);
            if (left.Count > 0)
                await wanted.MoveAsync(cancellationToken);
            if (right.Count > 0)
                await present.MoveAsync(cancellationToken);
        }
    }

    private static bool AreEqual(List<StoreRow> left, List<StoreRow> right)
    {
        if (left.Count != right.Count)
            return false;
        return Sum(left) == Sum(right);
    }

    private static RowSum Sum(List<StoreRow> rows)
    {
        var sum = default(RowSum);
        foreach (var row in rows)
            sum.Add(row.Values);
        return sum;
    }

    /// <summary>The rows of one owner after the other.</summary>
    private sealed class OwnerReader(SqlSession session, StoreTable table, Action<string>? replaced)
    {
        private readonly Queue<StoreRow> _read = new();
        private StoreRow? _last;
        private bool _atEnd;

        public List<StoreRow> Rows { get; private set; } = [];

        public long Owner => Rows.Count == 0 ? long.MaxValue : Rows[0].Owner;

        public List<StoreRow> Take(long owner) => Owner == owner ? Rows : [];

        public async ValueTask MoveAsync(CancellationToken cancellationToken)
        {
            var rows = new List<StoreRow>();
            while (await HasRowAsync(cancellationToken) && (rows.Count == 0 || _read.Peek().Owner == rows[0].Owner))
                rows.Add(_read.Dequeue());
            Rows = rows;
        }

        private async ValueTask<bool> HasRowAsync(CancellationToken cancellationToken)
        {
            if (_read.Count > 0)
                return true;
            if (_atEnd)
                return false;
            var page = await table.ReadAsync(session, long.MinValue, long.MaxValue, _last, cancellationToken);
            _atEnd = page.Count < table.Page;
            _last = page.Count == 0 ? null : page[^1];
            if (replaced is not null)
                page = Cleaned(page);
            foreach (var row in page)
                _read.Enqueue(row);
            return _read.Count > 0;
        }

        /// <summary>Copies, because the next block is asked for by the key as the source has it.</summary>
        private List<StoreRow> Cleaned(List<StoreRow> page)
        {
            List<StoreRow> copies = [.. page.Select(r => r with { Values = [.. r.Values] })];
            NulText.Replace(table, copies, replaced);
            return copies;
        }
    }
}
