using SpeechBrain.Sharp.ApiReference;

// Writes the API reference of SpeechBrain.Sharp.dll, from the assembly and the XML documentation beside it, as HTML pages into a folder.

if (args is not [var folder])
{
    Console.Error.WriteLine("Usage: ApiReference FOLDER");
    return 2;
}
var site = new Site(typeof(SpeechBrain.Sharp.Functional).Assembly);
int pages = site.Write(folder);
foreach (string problem in site.Problems)
    Console.Error.WriteLine(problem);
Console.WriteLine($"{Path.Combine(folder, "index.html")}: {pages} pages, {site.Problems.Count} problems");
return site.Problems.Count == 0 ? 0 : 1;
