using CsCheck;
using Runstone.Core.Media;

namespace Runstone.Core.Tests.Media;

public sealed class MediaServiceTests
{
    [Fact]
    public void Some_of_many_are_picked_evenly_with_both_ends() =>
        Gen.Select(Gen.Int[0, 2000], Gen.Int[1, 200]).Sample((count, wanted) =>
        {
            var picked = MediaService.Pick(count, wanted);
            Assert.Equal(Math.Min(count, wanted), picked.Count);
            Assert.Equal(picked.Distinct().Order(), picked);
            if (count == 0)
                return;
            Assert.Equal(count - 1, picked[^1]);
            Assert.True(wanted == 1 || picked[0] == 0);
            var gaps = picked.Zip(picked.Skip(1), (a, b) => b - a).ToList();
            Assert.True(gaps.Count == 0 || gaps.Max() - gaps.Min() <= 1);
        });
}
