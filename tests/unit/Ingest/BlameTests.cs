using System.Data.Common;
using Grid.Ingest;
using Microsoft.Data.Sqlite;

namespace Grid.UnitTests.Ingest;

public class BlameTests
{
    [Theory]
    [InlineData(1, true)] // more parameters than a statement may have, for one
    [InlineData(18, true)]
    [InlineData(19, true)]
    [InlineData(5, false)] // busy
    [InlineData(10, false)] // the disk
    [InlineData(11, false)] // corrupt
    [InlineData(13, false)] // full
    public void What_SQLite_says_of_the_contents_is_theirs(int code, bool isTheirs) => Blame.IsTheContents(new SqliteException("why", code)).Should().Be(isTheirs);

    [Theory]
    [InlineData("22003", true)]
    [InlineData("23505", true)]
    [InlineData("54000", true)]
    [InlineData("53100", false)] // disk full
    [InlineData("57P01", false)] // shutting down
    [InlineData("", false)]
    public void What_PostgreSQL_says_of_the_contents_is_theirs(string state, bool isTheirs) => Blame.IsTheContents(new Answered(state)).Should().Be(isTheirs);

    [Fact]
    public void What_lies_beneath_decides() => Blame.IsTheContents(new InvalidOperationException("saving failed", new IOException("gone"))).Should().BeFalse();

    [Fact]
    public void What_nobody_foresaw_is_the_contents() => Blame.IsTheContents(new InvalidOperationException("why")).Should().BeTrue();

    private sealed class Answered(string state) : DbException
    {
        public override string SqlState => state;
    }
}
