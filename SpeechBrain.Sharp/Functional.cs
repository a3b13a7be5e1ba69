namespace SpeechBrain.Sharp;

/// <summary>
/// The functional half of every operation: <c>Functional.X(...)</c> does what the module <c>X</c> does, with its constants passed in or taken
/// from a bounded cache. Each room of the library adds its own part of this class, in its own folder.
/// </summary>
public static partial class Functional
{
}
