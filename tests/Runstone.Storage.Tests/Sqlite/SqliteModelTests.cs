using Runstone.Storage.Tests.Conformance;

namespace Runstone.Storage.Tests.Sqlite;

public sealed class SqliteModelTests : ModelConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => SqliteUnderTest.OpenAsync();
}
