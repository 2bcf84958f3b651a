using SkiaSharp;

namespace Grid.Portal;

/// <summary>A page of A4 that is filled from top to bottom. Lengths are points.</summary>
internal sealed class Sheet(SKCanvas canvas)
{
    public const float Width = 595.28f;
    public const float Height = 841.89f;
    public const float Margin = 52;
    public const float Inner = Width - (2 * Margin);

    public static readonly SKColor Ink = new(0x12, 0x21, 0x1c);
    public static readonly SKColor Soft = new(0x4b, 0x5d, 0x56);
    public static readonly SKColor Line = new(0xd6, 0xdf, 0xda);
    public static readonly SKColor Accent = new(0x0b, 0x6b, 0x57);
    public static readonly SKColor Tint = new(0xe0, 0xf0, 0xea);

    private const float LineHeight = 1.42f;

    public SKCanvas Canvas => canvas;

    /// <summary>Where the next thing begins.</summary>
    public float Y { get; set; } = Margin;

    public void Space(float points) => Y += points;

    /// <summary>Text over as many lines as it needs.</summary>
    public void Paragraph(string text, float size, SKColor color, bool bold = false, float indent = 0)
    {
        using var font = Font(size, bold);
        foreach (var line in Lines(text, font, Inner - (2 * indent)))
        {
            Y += size * LineHeight;
            Write(line, Margin + indent, Y - (size * (LineHeight - 1) * 0.7f), font, color, SKTextAlign.Left);
        }
    }

    /// <summary>Text above a box of its own colour that holds it.</summary>
    public void Boxed(string title, string text)
    {
        var top = Y;
        const float Pad = 14;
        Y += Pad - 4;
        using SKPictureRecorder recorder = new();
        Sheet inside = new(recorder.BeginRecording(new(0, 0, Width, Height))) { Y = Y };
        inside.Paragraph(title, 10, Accent, bold: true, Pad);
        inside.Paragraph(text, 12, Ink, bold: false, Pad);
        Y = inside.Y + Pad;
        using SKPaint paint = new() { Color = Tint, IsAntialias = true };
        canvas.DrawRoundRect(Margin, top, Inner, Y - top, 8, 8, paint);
        using var picture = recorder.EndRecording();
        canvas.DrawPicture(picture);
    }

    /// <summary>A row of a table: what it is, and its figure at the right.</summary>
    public void Row(string what, string figure, bool bold = false)
    {
        const float Size = 10.5f;
        using var font = Font(Size, bold);
        Y += Size * 1.75f;
        Write(what, Margin, Y - 5, font, bold ? Ink : Soft, SKTextAlign.Left);
        Write(figure, Margin + Inner, Y - 5, font, Ink, SKTextAlign.Right);
        Rule();
    }

    // Without hinting: a printed page has no pixels to fit letters to.
    public static SKFont Font(float size, bool bold = false) => new(bold ? Inter.Bold : Inter.Regular, size) { Subpixel = true, Hinting = SKFontHinting.None, LinearMetrics = true };

    public void Rule()
    {
        using SKPaint paint = new() { Color = Line, StrokeWidth = 0.7f };
        canvas.DrawLine(Margin, Y, Margin + Inner, Y, paint);
    }

    public void Write(string text, float x, float y, SKFont font, SKColor color, SKTextAlign align)
    {
        using SKPaint paint = new() { Color = color, IsAntialias = true };
        canvas.DrawText(text, x, y, align, font, paint);
    }

    private static IEnumerable<string> Lines(string text, SKFont font, float width)
    {
        var line = "";
        foreach (var word in text.Split(' '))
        {
            var longer = line.Length == 0 ? word : $"{line} {word}";
            if (line.Length > 0 && font.MeasureText(longer) > width)
            {
                yield return line;
                line = word;
            }
            else line = longer;
        }

        yield return line;
    }
}
