namespace Grid.Portal;

/// <summary>Names the resources: <c>Texts.resx</c> is English, <c>Texts.fr.resx</c> French.</summary>
public sealed class Texts;
