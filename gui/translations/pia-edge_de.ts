<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en_US">
<context>
    <name>FirstRun</name>
    <message>
        <source>&amp;Animate the example</source>
        <translation>Beispiel &amp;animieren</translation>
    </message>
    <message>
        <source>&amp;Begin with my own picture</source>
        <translation>Mit &amp;eigenem Bild beginnen</translation>
    </message>
    <message>
        <source>The example: a boat on the sea by day</source>
        <translation>Das Beispiel: ein Boot auf dem Meer bei Tag</translation>
    </message>
    <message>
        <source>Make a picture move</source>
        <translation>Bring ein Bild in Bewegung</translation>
    </message>
    <message>
        <source>Choose a picture and say in a sentence what should happen. Try it with this one: night falls over the boat.</source>
        <translation>Wähle ein Bild und beschreibe in einem Satz, was geschehen soll. Probier es mit diesem: Über dem Boot wird es Nacht.</translation>
    </message>
    <message>
        <source>Everything happens on this computer, offline: nothing is downloaded, and nothing leaves it.</source>
        <translation>Alles geschieht offline auf diesem Computer: Es wird nichts heruntergeladen, und nichts verlässt ihn.</translation>
    </message>
</context>
<context>
    <name>LogView</name>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>With &amp;prompts and file names</source>
        <translation>Mit &amp;Prompts und Dateinamen</translation>
    </message>
    <message>
        <source>&amp;Copy for a bug report</source>
        <translation>Für Fehlerbericht &amp;kopieren</translation>
    </message>
    <message>
        <source>What was copied</source>
        <translation>Was kopiert wurde</translation>
    </message>
    <message>
        <source>This is what is copied. It stays on this computer until you paste it somewhere.</source>
        <translation>Genau das wird kopiert. Es bleibt auf diesem Computer, bis du es irgendwo einfügst.</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>Kopiert.</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
</context>
<context>
    <name>Preferences</name>
    <message>
        <source>Your preferences could not be read ({0}); the defaults are used.</source>
        <translation>Deine Einstellungen konnten nicht gelesen werden ({0}); es gelten die Vorgaben.</translation>
    </message>
    <message>
        <source>Your preferences were damaged ({0}). They were moved to {1}, and the defaults are used.</source>
        <translation>Deine Einstellungen waren beschädigt ({0}). Sie liegen jetzt in {1}, und es gelten die Vorgaben.</translation>
    </message>
</context>
<context>
    <name>PreferencesDialog</name>
    <message>
        <source>Preferences</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>A new language shows when the program is started again.</source>
        <translation>Eine neue Sprache gilt ab dem nächsten Start.</translation>
    </message>
    <message>
        <source>&amp;Language:</source>
        <translation>&amp;Sprache:</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>&amp;Appearance:</source>
        <translation>&amp;Erscheinungsbild:</translation>
    </message>
    <message>
        <source>&amp;Choose…</source>
        <translation>Aus&amp;wählen …</translation>
    </message>
    <message>
        <source>Choose the folder in which clips are saved</source>
        <translation>Ordner auswählen, in dem Clips gespeichert werden</translation>
    </message>
    <message>
        <source>Folder in which clips are saved</source>
        <translation>Ordner, in dem Clips gespeichert werden</translation>
    </message>
    <message>
        <source>&amp;Save clips in:</source>
        <translation>&amp;Clips speichern in:</translation>
    </message>
    <message>
        <source>At &amp;most</source>
        <translation>&amp;Höchstens</translation>
    </message>
    <message>
        <source>Limit the memory of a clip</source>
        <translation>Arbeitsspeicher eines Clips begrenzen</translation>
    </message>
    <message>
        <source> GB</source>
        <translation> GB</translation>
    </message>
    <message>
        <source>Memory a clip may take, in GB</source>
        <translation>Arbeitsspeicher, den ein Clip belegen darf, in GB</translation>
    </message>
    <message>
        <source>Without a limit a clip takes what is free.</source>
        <translation>Ohne Grenze nimmt sich ein Clip, was frei ist.</translation>
    </message>
    <message>
        <source>Memory of a clip:</source>
        <translation>Speicher je Clip:</translation>
    </message>
    <message>
        <source>&amp;Tell me on the desktop when a clip is done</source>
        <translation>Auf dem Desktop &amp;melden, wenn ein Clip fertig ist</translation>
    </message>
    <message>
        <source>Notifications:</source>
        <translation>Mitteilungen:</translation>
    </message>
    <message>
        <source>Save clips in</source>
        <translation>Clips speichern in</translation>
    </message>
</context>
</TS>
