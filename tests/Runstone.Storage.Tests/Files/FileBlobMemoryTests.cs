using Runstone.Core.Artifacts;
using Runstone.Storage.Files;
using Runstone.Storage.Tests.Conformance;

namespace Runstone.Storage.Tests.Files;

public sealed class FileBlobMemoryTests : BlobMemoryConformance
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("runstone-");

    protected override IBlobStore Open() => new FileBlobStore(_folder.FullName);

    protected override ValueTask CloseAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
