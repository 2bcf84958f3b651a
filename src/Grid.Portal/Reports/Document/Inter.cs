using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using SkiaSharp;

namespace Grid.Portal;

/// <summary>
/// The typeface Inter (SIL Open Font License), as the package Avalonia.Fonts.Inter brings it: a document then looks the same, to the byte, whatever fonts the
/// machine has. The package's assembly is read, not run: its resource is an index of path, offset and size, then the files.
/// </summary>
internal static class Inter
{
    private const string Resource = "!AvaloniaResources";

    private static readonly Lazy<IReadOnlyDictionary<string, byte[]>> Files = new(Read);

    private static readonly Lazy<SKTypeface> RegularFace = new(() => Face("Inter-Regular.ttf"));
    private static readonly Lazy<SKTypeface> BoldFace = new(() => Face("Inter-SemiBold.ttf"));

    public static SKTypeface Regular => RegularFace.Value;

    public static SKTypeface Bold => BoldFace.Value;

    private static SKTypeface Face(string name)
    {
        using var data = SKData.CreateCopy(Files.Value[$"/Assets/{name}"]);
        return SKTypeface.FromData(data) ?? throw new InvalidDataException($"{name} is no typeface.");
    }

    private static Dictionary<string, byte[]> Read()
    {
        using var library = typeof(Inter).Assembly.GetManifestResourceStream(nameof(Inter))!;
        AssemblyLoadContext context = new(nameof(Inter), isCollectible: true);
        try
        {
            using var resource = context.LoadFromStream(library).GetManifestResourceStream(Resource) ?? throw new InvalidDataException($"{nameof(Inter)} has no {Resource}.");
            using var reader = new BinaryReader(resource, Encoding.UTF8);
            var start = reader.ReadInt32() + sizeof(int); // of the files, after the index and its length
            _ = reader.ReadInt32(); // version
            var index = Enumerable.Range(0, reader.ReadInt32()).Select(_ => (Path: reader.ReadString(), Offset: reader.ReadInt32(), Size: reader.ReadInt32())).ToList();
            return index.Where(e => e.Path.EndsWith(".ttf", StringComparison.Ordinal)).ToDictionary(e => e.Path, e =>
            {
                resource.Position = start + e.Offset;
                return reader.ReadBytes(e.Size);
            }, StringComparer.Ordinal);
        }
        finally
        {
            context.Unload();
        }
    }
}
