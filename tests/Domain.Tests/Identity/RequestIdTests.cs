using JitFunctions.Domain.Identity;

namespace JitFunctions.Domain.Tests.Identity;

public sealed class RequestIdTests
{
    [Fact]
    public void An_id_is_valid_by_its_own_rule_whatever_the_bytes()
    {
        for (var b = 0; b < 256; b++)
            Assert.True(RequestId.IsValid(RequestId.FromBytes(Enumerable.Repeat((byte)b, 12).ToArray())));
    }

    [Fact]
    public void The_same_caller_with_the_same_key_gets_the_same_id_and_another_caller_does_not()
    {
        Assert.Equal(RequestId.FromIdempotencyKey("alice", "k"), RequestId.FromIdempotencyKey("alice", "k"));
        Assert.NotEqual(RequestId.FromIdempotencyKey("alice", "k"), RequestId.FromIdempotencyKey("bob", "k"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("3f9k2m7xq0a")]
    [InlineData("3F9K2M7XQ0AB")]
    [InlineData("3f9k2m7xq0ab\n")]
    [InlineData("../../../etc")]
    public void Anything_else_is_no_id(string? id) => Assert.False(RequestId.IsValid(id));

    [Theory]
    [InlineData("3", true)]
    [InlineData("3f9k2m7xq0ab", true)]
    [InlineData("", false)]
    [InlineData("3f9k2m7xq0ab0", false)]
    [InlineData("3F9", false)]
    [InlineData("u", false)]
    [InlineData("3%", false)]
    [InlineData("3_", false)]
    [InlineData(null, false)]
    public void A_beginning_has_no_other_characters_than_ids(string? text, bool expected) =>
        Assert.Equal(expected, RequestId.IsPrefix(text));
}
