using SpeechBrain.Sharp.Samples.LibriSpeech;

return Commands.Run(args, Console.Out, Console.Error);
