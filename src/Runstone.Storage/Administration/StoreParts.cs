using Runstone.Core.Artifacts;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Administration;

/// <summary>The parts of an opened store that administration works on.</summary>
/// <param name="Database">Where rows are.</param>
/// <param name="Blobs">Where content is.</param>
/// <param name="Place">The store, as its owner knows it, without secrets.</param>
/// <param name="Writers">Transactions that may write at the same time.</param>
internal sealed record StoreParts(SqlDatabase Database, IBlobStore Blobs, string Place, int Writers);
