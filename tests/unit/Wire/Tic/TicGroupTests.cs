using System.Text;
using Grid.Wire;

namespace Grid.UnitTests.Wire.Tic;

public class TicGroupTests
{
    [Theory]
    [InlineData("IINST 002", 'Y')]
    [InlineData("ISOUSC 30", '9')]
    [InlineData("OPTARIF BASE", '0')]
    [InlineData("VTIC\t02\t", 'J')]
    [InlineData("RELAIS\t000\t", 'B')]
    [InlineData("PTEC HP..", ' ')]
    [InlineData("IINST 009", ' ')]
    [InlineData("SMAXSN-1\tH200213085118\t09562\t", ' ')]
    public void The_checksum_is_that_of_the_specifications_examples(string summed, char checksum) =>
        ((char)TicGroup.Checksum(Encoding.ASCII.GetBytes(summed))).Should().Be(checksum);

    [Theory]
    [InlineData("PTEC HP..  ", "PTEC", "HP..", null)]
    [InlineData("IINST 009  ", "IINST", "009", null)]
    [InlineData("SMAXSN-1\tH200213085118\t09562\t ", "SMAXSN-1", "09562", "H200213085118")]
    [InlineData("DATE\tE170915101601\t\t>", "DATE", "", "E170915101601")]
    [InlineData("NGTF\tH PLEINE/CREUSE \t\\", "NGTF", "H PLEINE/CREUSE ", null)]
    public void A_group_is_read_untrimmed(string text, string label, string value, string? horodate) =>
        Parse($"\n{text}\r").Groups.Should().Equal(new TicGroup(label, value, horodate));

    [Theory]
    [InlineData("\nIINST 002 X\r")]
    [InlineData("\nIINST 002Y\r")]
    [InlineData("\nIINST 002 Y")]
    [InlineData("IINST 002 Y\r")]
    [InlineData("\nIINST\t002\tY\r")]
    [InlineData("\n\r")]
    [InlineData("\nPTEC HP..\r")]
    public void A_bad_group_is_dropped_and_counted(string text)
    {
        var frame = Parse(text + "\nISOUSC 30 9\r");

        frame.Groups.Should().Equal(new TicGroup("ISOUSC", "30"));
        frame.BadGroups.Should().Be(1);
    }

    [Theory]
    [InlineData(TicMode.Standard, "EAST", "00000000")]
    [InlineData(TicMode.Standard, "EAST", "00000000p")]
    [InlineData(TicMode.Historique, "BASE", "0000000104")]
    [InlineData(TicMode.Historique, "ADCO", "81216441722")]
    public void A_right_checksum_does_not_save_a_wrong_form(TicMode mode, string label, string value)
    {
        var frame = TicFrame.Parse(new TicGroup(label, value).ToBytes(mode));

        (frame.Groups.Count, frame.BadGroups).Should().Be((0, 1));
    }

    [Fact]
    public void A_label_that_the_specification_does_not_have_is_counted_apart()
    {
        var frame = TicFrame.Parse(new TicGroup("EASF11", "000000001").ToBytes(TicMode.Standard));

        (frame.Groups.Count, frame.BadGroups, frame.UnknownGroups).Should().Be((0, 0, 1));
    }

    [Fact]
    public void Of_a_label_that_stands_twice_the_last_valid_one_counts()
    {
        byte[] bad = new TicGroup("IINST", "007").ToBytes(TicMode.Historique);
        bad[^2]++;

        var frame = TicFrame.Parse([.. new TicGroup("IINST", "002").ToBytes(TicMode.Historique), .. new TicGroup("IINST", "005").ToBytes(TicMode.Historique), .. bad]);

        frame.Find("IINST")!.Value.Should().Be("005");
        frame.BadGroups.Should().Be(1);
    }

    private static TicFrame Parse(string text) => TicFrame.Parse(Encoding.ASCII.GetBytes(text));
}
