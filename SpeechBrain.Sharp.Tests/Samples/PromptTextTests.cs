using NUnit.Framework;
using SpeechBrain.Sharp.Samples.LibriSpeech;

namespace SpeechBrain.Sharp.Tests.Samples;

public sealed class PromptTextTests
{
    [TestCase("Activated.", "ACTIVATED")]
    [TestCase(" Press 5 to leave a message", "PRESS FIVE TO LEAVE A MESSAGE")]
    [TestCase("I'm sorry.  Please   try again.", "I'M SORRY PLEASE TRY AGAIN")]
    [TestCase("press * to toggle pause, press # to enter", "PRESS STAR TO TOGGLE PAUSE PRESS POUND TO ENTER")]
    [TestCase("dial 500 or 16000, then 162", "DIAL FIVE HUNDRED OR SIXTEEN THOUSAND THEN ONE HUNDRED SIXTY TWO")]
    [TestCase("H.323", "H THREE TWO THREE")]
    [TestCase("3D audio", "THREE D AUDIO")]
    [TestCase("A.M.", "A M")]
    [TestCase("de-activated", "DE ACTIVATED")]
    [TestCase("dollar [$]", "DOLLAR")]
    [TestCase("the 'pound' key, Waldo's", "THE POUND KEY WALDO'S")]
    [TestCase("party\u2019s", "PARTY'S")]
    [TestCase("... for ...", "FOR")]
    public void IsWordsOfLettersAndApostrophes(string text, string transcript) => Assert.That(PromptText.Normalize(text), Is.EqualTo(transcript));

    [TestCase("[ascending tones]")]
    [TestCase("(10 seconds of silence)")]
    [TestCase("<beep ascending>")]
    [TestCase("Please leave your message. (simple tone sound plays)")]
    [TestCase("...")]
    [TestCase("")]
    public void WhatIsNotOnlySpeechIsLeftOut(string text) => Assert.That(PromptText.Normalize(text), Is.Null);

    [TestCase("0", "ZERO")]
    [TestCase("13", "THIRTEEN")]
    [TestCase("40", "FORTY")]
    [TestCase("101", "ONE HUNDRED ONE")]
    [TestCase("999999", "NINE HUNDRED NINETY NINE THOUSAND NINE HUNDRED NINETY NINE")]
    [TestCase("1000000", "ONE ZERO ZERO ZERO ZERO ZERO ZERO")]
    [TestCase("007", "ZERO ZERO SEVEN")]
    public void SpellsNumbers(string digits, string words) => Assert.That(NumberWords.Spell(digits), Is.EqualTo(words));
}
