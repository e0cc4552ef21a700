namespace Xunit;

internal static class AssertEach
{
    extension(Assert)
    {
        /// <summary>
        /// Checks all of these, of which there has to be one: what is said of nothing is always true, and the test
        /// would pass without a check. Where there may be none, <c>Assert.All(…, throwIfEmpty: false)</c> says so.
        /// </summary>
        public static void Each<T>(IEnumerable<T> things, Action<T> check) =>
            Assert.All(things, check, throwIfEmpty: true);
    }
}
