<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en_US">
<context>
    <name>AddingBundle</name>
    <message>
        <source>Add a bundle file</source>
        <translation>Bundle-Datei hinzufügen</translation>
    </message>
    <message>
        <source>Bundles</source>
        <translation>Bundles</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>Alle Dateien</translation>
    </message>
    <message>
        <source>Add a bundle folder</source>
        <translation>Bundle-Ordner hinzufügen</translation>
    </message>
    <message>
        <source>Add a bundle</source>
        <translation>Bundle hinzufügen</translation>
    </message>
    <message>
        <source>You have another bundle called {name}.</source>
        <translation>Du hast schon ein anderes Bundle namens {name}.</translation>
    </message>
    <message>
        <source>Keep both, the new one as {free}, or replace the one that you have?</source>
        <translation>Beide behalten, das neue als {free}, oder das vorhandene ersetzen?</translation>
    </message>
    <message>
        <source>&amp;Keep both</source>
        <translation>&amp;Beide behalten</translation>
    </message>
    <message>
        <source>&amp;Replace</source>
        <translation>&amp;Ersetzen</translation>
    </message>
</context>
<context>
    <name>BackendBox</name>
    <message>
        <source>Self-test</source>
        <translation>Selbsttest</translation>
    </message>
    <message>
        <source>Test {backend}</source>
        <translation>{backend} testen</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>Bericht kopieren</translation>
    </message>
    <message>
        <source>Copy the report on {backend}</source>
        <translation>Bericht über {backend} kopieren</translation>
    </message>
    <message>
        <source>Report of the self-test</source>
        <translation>Bericht des Selbsttests</translation>
    </message>
    <message>
        <source>It is being tested…</source>
        <translation>Wird getestet …</translation>
    </message>
    <message>
        <source>It computes what it should.</source>
        <translation>Es rechnet, wie es soll.</translation>
    </message>
    <message>
        <source>It failed; the report says where.</source>
        <translation>Fehlgeschlagen; der Bericht sagt, wo.</translation>
    </message>
    <message>
        <source>Not for this bundle here: {reason}.</source>
        <translation>Hier nicht für dieses Bundle: {reason}.</translation>
    </message>
    <message>
        <source>Taken automatically. Devices: {devices}</source>
        <translation>Wird automatisch gewählt. Geräte: {devices}</translation>
    </message>
    <message>
        <source>Ready. Devices: {devices}</source>
        <translation>Bereit. Geräte: {devices}</translation>
    </message>
</context>
<context>
    <name>BackendWords</name>
    <message>
        <source>Core ML on Apple</source>
        <translation>Core ML auf Apple-Geräten</translation>
    </message>
    <message>
        <source>NVIDIA graphics (CUDA)</source>
        <translation>NVIDIA-Grafik (CUDA)</translation>
    </message>
    <message>
        <source>OpenVINO</source>
        <translation>OpenVINO</translation>
    </message>
    <message>
        <source>ONNX Runtime</source>
        <translation>ONNX Runtime</translation>
    </message>
    <message>
        <source>PyTorch (reference)</source>
        <translation>PyTorch (Referenz)</translation>
    </message>
    <message>
        <source>The Neural Engine and graphics of Macs.</source>
        <translation>Neural Engine und Grafik von Macs.</translation>
    </message>
    <message>
        <source>Graphics cards of NVIDIA.</source>
        <translation>Grafikkarten von NVIDIA.</translation>
    </message>
    <message>
        <source>Processors, and graphics and neural units of Intel.</source>
        <translation>Prozessoren sowie Grafik- und KI-Einheiten von Intel.</translation>
    </message>
    <message>
        <source>Any processor.</source>
        <translation>Jeder Prozessor.</translation>
    </message>
    <message>
        <source>What every export is compared with; slow.</source>
        <translation>Womit jeder Export verglichen wird; langsam.</translation>
    </message>
</context>
<context>
    <name>BundleChooser</name>
    <message>
        <source>Bundle</source>
        <translation>Bundle</translation>
    </message>
    <message>
        <source>Runs on</source>
        <translation>Läuft auf</translation>
    </message>
    <message>
        <source>Why this does not go together</source>
        <translation>Warum das nicht zusammenpasst</translation>
    </message>
    <message>
        <source>&amp;Bundle</source>
        <translation>B&amp;undle</translation>
    </message>
    <message>
        <source>&amp;Runs on</source>
        <translation>&amp;Läuft auf</translation>
    </message>
    <message>
        <source>{backend} cannot run this bundle here: {reason}.</source>
        <translation>{backend} kann dieses Bundle hier nicht ausführen: {reason}.</translation>
    </message>
    <message>
        <source>There is no device {device} here. Choose another.</source>
        <translation>Ein Gerät {device} gibt es hier nicht. Wähle ein anderes.</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Automatic: {backend}</source>
        <translation>Automatisch: {backend}</translation>
    </message>
</context>
<context>
    <name>BundleDetails</name>
    <message>
        <source>Details of the bundle</source>
        <translation>Einzelheiten des Bundles</translation>
    </message>
    <message>
        <source>Parity report</source>
        <translation>Vergleichsbericht</translation>
    </message>
    <message>
        <source>Module</source>
        <translation>Modul</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <source>Nearness</source>
        <translation>Nähe</translation>
    </message>
    <message>
        <source>In words</source>
        <translation>In Worten</translation>
    </message>
    <message>
        <source>Where the weights came from</source>
        <translation>Woher die Gewichte stammen</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Teil</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message numerus="yes">
        <source>Verified: all %n files are as they should be.</source>
        <translation>
            <numerusform>Geprüft: Die eine Datei ist, wie sie sein soll.</numerusform>
            <numerusform>Geprüft: Alle %n Dateien sind, wie sie sein sollen.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BundleList</name>
    <message>
        <source>Bundles</source>
        <translation>Bundles</translation>
    </message>
    <message>
        <source> (in use)</source>
        <translation> (in Gebrauch)</translation>
    </message>
</context>
<context>
    <name>BundleWords</name>
    <message>
        <source>PyTorch (reference)</source>
        <translation>PyTorch (Referenz)</translation>
    </message>
    <message>
        <source>damaged</source>
        <translation>beschädigt</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <source>Sizes</source>
        <translation>Größen</translation>
    </message>
    <message>
        <source>Frames</source>
        <translation>Frames</translation>
    </message>
    <message>
        <source>Usual settings</source>
        <translation>Übliche Einstellungen</translation>
    </message>
    <message>
        <source>Last picture</source>
        <translation>Letztes Bild</translation>
    </message>
    <message>
        <source>Tiny decoder</source>
        <translation>Kleiner Decoder</translation>
    </message>
    <message>
        <source>On the disk</source>
        <translation>Auf der Festplatte</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>{size}, comes with PIA Edge</source>
        <translation>{size}, gehört zu PIA Edge</translation>
    </message>
    <message>
        <source>{size}, {shared} of it shared with other bundles</source>
        <translation>{size}, davon {shared} mit anderen Bundles geteilt</translation>
    </message>
    <message>
        <source>{first}, and {count} others, listed below</source>
        <translation>{first} und {count} weitere, unten aufgeführt</translation>
    </message>
    <message>
        <source>not stated</source>
        <translation>nicht angegeben</translation>
    </message>
    <message>
        <source>UNet over {steps} steps</source>
        <translation>UNet über {steps} Schritte</translation>
    </message>
    <message>
        <source>This is a reference bundle: others are compared with it.</source>
        <translation>Das ist ein Referenz-Bundle: Andere werden damit verglichen.</translation>
    </message>
    <message>
        <source>It was never compared with its reference.</source>
        <translation>Es wurde nie mit seiner Referenz verglichen.</translation>
    </message>
    <message>
        <source>Compared with its reference, module by module: {words}.</source>
        <translation>Modul für Modul mit der Referenz verglichen: {words}.</translation>
    </message>
    <message>
        <source>Compared with its reference: {words}. The prompt acts {prompt}, flicker is {flicker} times the original’s.</source>
        <translation>Mit der Referenz verglichen: {words}. Der Prompt wirkt {prompt}, das Flimmern ist {flicker}-mal das des Originals.</translation>
    </message>
    <message>
        <source>, at strength {strength}</source>
        <translation>, mit Stärke {strength}</translation>
    </message>
    <message>
        <source>only {sizes} pixels</source>
        <translation>nur {sizes} Pixel</translation>
    </message>
    <message>
        <source>{minimum} to {maximum} pixels, best at {best}</source>
        <translation>{minimum} bis {maximum} Pixel, am besten {best}</translation>
    </message>
    <message>
        <source>only {frames}</source>
        <translation>nur {frames}</translation>
    </message>
    <message>
        <source>{trained} at their best, up to {most} at once</source>
        <translation>am besten {trained}, bis zu {most} auf einmal</translation>
    </message>
    <message>
        <source>{steps} steps, guidance {scale}</source>
        <translation>{steps} Schritte, Guidance {scale}</translation>
    </message>
    <message>
        <source>Added words</source>
        <translation>Zusätzliche Wörter</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>ja</translation>
    </message>
    <message>
        <source>no</source>
        <translation>nein</translation>
    </message>
    <message>
        <source>not compared</source>
        <translation>nicht verglichen</translation>
    </message>
</context>
<context>
    <name>Bundles</name>
    <message>
        <source>Adding {name}</source>
        <translation>{name} wird hinzugefügt</translation>
    </message>
    <message>
        <source>Verifying {name}</source>
        <translation>{name} wird geprüft</translation>
    </message>
    <message>
        <source>Removing {name}</source>
        <translation>{name} wird entfernt</translation>
    </message>
    <message>
        <source>{name} was checked and is among your bundles.</source>
        <translation>{name} wurde geprüft und gehört zu deinen Bundles.</translation>
    </message>
    <message>
        <source>This bundle is here already; it is called {name}.</source>
        <translation>Dieses Bundle ist schon da; es heißt {name}.</translation>
    </message>
    <message>
        <source>{name} was removed; {size} are free again.</source>
        <translation>{name} wurde entfernt; {size} sind wieder frei.</translation>
    </message>
</context>
<context>
    <name>ClipCanvas</name>
    <message>
        <source>picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>clip</source>
        <translation>Clip</translation>
    </message>
</context>
<context>
    <name>ClipDelegate</name>
    <message>
        <source>The file is gone</source>
        <translation>Die Datei ist weg</translation>
    </message>
</context>
<context>
    <name>ClipDetails</name>
    <message>
        <source>&amp;Use these settings</source>
        <translation>Diese Einstellungen &amp;verwenden</translation>
    </message>
    <message>
        <source>&amp;Watch</source>
        <translation>A&amp;nsehen</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>Speichern unter …</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>&amp;Löschen</translation>
    </message>
    <message>
        <source>Choose a clip to see how it was made.</source>
        <translation>Wähle einen Clip, um zu sehen, wie er entstand.</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>Dauerte</translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation>{0} s</translation>
    </message>
    <message>
        <source>&amp;Remove from the gallery</source>
        <translation>Aus der Galerie &amp;entfernen</translation>
    </message>
    <message>
        <source>How the clip was made</source>
        <translation>Wie der Clip entstand</translation>
    </message>
</context>
<context>
    <name>Closing</name>
    <message>
        <source>A clip is being made</source>
        <translation>Ein Clip entsteht gerade</translation>
    </message>
    <message>
        <source>Clips that wait stay in the queue, which goes on at the next start. So does what is stopped.</source>
        <translation>Wartende Clips bleiben in der Warteschlange, die beim nächsten Start weiterläuft. Auch was gestoppt wird, bleibt darin.</translation>
    </message>
    <message>
        <source>&amp;Wait for this clip, then close</source>
        <translation>Diesen Clip &amp;abwarten, dann schließen</translation>
    </message>
    <message>
        <source>&amp;Stop and close</source>
        <translation>&amp;Stoppen und schließen</translation>
    </message>
    <message>
        <source>&amp;Keep open</source>
        <translation>&amp;Offen lassen</translation>
    </message>
    <message>
        <source>Something is being done</source>
        <translation>Es ist noch etwas in Arbeit</translation>
    </message>
    <message>
        <source>It ends with the window. What an export has finished is kept.</source>
        <translation>Es endet mit dem Fenster. Was ein Export fertiggestellt hat, bleibt erhalten.</translation>
    </message>
    <message>
        <source>A clip is being made. What should become of it?</source>
        <translation>Ein Clip entsteht gerade. Was soll mit ihm geschehen?</translation>
    </message>
    <message>
        <source>A clip is being made, {left}. What should become of it?</source>
        <translation>Ein Clip entsteht gerade, {left}. Was soll mit ihm geschehen?</translation>
    </message>
</context>
<context>
    <name>CurtainRow</name>
    <message>
        <source>How much of the picture is seen</source>
        <translation>Wie viel vom Bild zu sehen ist</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Clip</source>
        <translation>Clip</translation>
    </message>
</context>
<context>
    <name>CurveEditor</name>
    <message>
        <source>Similarity to the picture, frame by frame: 1 is the picture, lower moves farther from it.
Drag to draw. Keys: ← → select, ↑ ↓ raise and lower, Page Up and Page Down in larger steps.</source>
        <translation>Ähnlichkeit mit dem Bild, Frame für Frame: 1 ist das Bild, weniger entfernt sich davon.
Zum Zeichnen ziehen. Tasten: ← → wählen aus, ↑ ↓ heben und senken, Bild auf und Bild ab in größeren Schritten.</translation>
    </message>
    <message>
        <source>Affinity of frame {0} of {1}, in percent</source>
        <translation>Affinität von Frame {0} von {1}, in Prozent</translation>
    </message>
    <message>
        <source>Affinity</source>
        <translation>Affinität</translation>
    </message>
</context>
<context>
    <name>CurvePlot</name>
    <message>
        <source>frame {0}</source>
        <translation>Frame {0}</translation>
    </message>
    <message>
        <source>1 is the picture, lower moves more</source>
        <translation>1 ist das Bild, weniger heißt mehr Bewegung</translation>
    </message>
</context>
<context>
    <name>CurveTools</name>
    <message>
        <source>Curves</source>
        <translation>Kurven</translation>
    </message>
    <message>
        <source>Curves to begin with</source>
        <translation>Kurven als Ausgangspunkt</translation>
    </message>
    <message>
        <source>Undo the last change of the curve (Ctrl+Z in the curve)</source>
        <translation>Letzte Änderung der Kurve zurücknehmen (Strg+Z in der Kurve)</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Redo it (Ctrl+Shift+Z in the curve)</source>
        <translation>Wiederherstellen (Strg+Umschalt+Z in der Kurve)</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>Zurücksetzen</translation>
    </message>
    <message>
        <source>Return to the named motion</source>
        <translation>Zur benannten Bewegung zurückkehren</translation>
    </message>
    <message>
        <source>Straight line</source>
        <translation>Gerade Linie</translation>
    </message>
    <message>
        <source>Ease in and out</source>
        <translation>Sanft an- und auslaufen</translation>
    </message>
    <message>
        <source>Pulse</source>
        <translation>Puls</translation>
    </message>
    <message>
        <source>small</source>
        <translation>gering</translation>
    </message>
    <message>
        <source>medium</source>
        <translation>mittel</translation>
    </message>
    <message>
        <source>large</source>
        <translation>groß</translation>
    </message>
    <message>
        <source>Motion, {0}</source>
        <translation>Bewegung, {0}</translation>
    </message>
    <message>
        <source>Loop, {0}</source>
        <translation>Schleife, {0}</translation>
    </message>
    <message>
        <source>Style transfer, {0}</source>
        <translation>Stiltransfer, {0}</translation>
    </message>
</context>
<context>
    <name>Devices</name>
    <message>
        <source>Testing {backend}</source>
        <translation>{backend} wird getestet</translation>
    </message>
    <message>
        <source>Nothing on this computer runs this bundle; the page “Devices” says why.</source>
        <translation>Nichts auf diesem Computer kann dieses Bundle ausführen; die Seite „Geräte“ sagt, warum.</translation>
    </message>
</context>
<context>
    <name>DevicesPage</name>
    <message>
        <source>&amp;Look again</source>
        <translation>&amp;Neu suchen</translation>
    </message>
    <message>
        <source>Look for devices that came or went</source>
        <translation>Nach Geräten suchen, die dazukamen oder verschwanden</translation>
    </message>
    <message>
        <source>What this computer can run the bundle {name} on. Backends are tried from the top.</source>
        <translation>Worauf dieser Computer das Bundle {name} ausführen kann. Backends werden von oben nach unten versucht.</translation>
    </message>
</context>
<context>
    <name>ErrandBar</name>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>Stoppe&amp;n</translation>
    </message>
    <message>
        <source>Stop this work</source>
        <translation>Diese Arbeit stoppen</translation>
    </message>
</context>
<context>
    <name>ErrandWords</name>
    <message>
        <source>Copying</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Checking files</source>
        <translation>Dateien prüfen</translation>
    </message>
    <message>
        <source>Reading models</source>
        <translation>Modelle lesen</translation>
    </message>
    <message>
        <source>Writing the bundle</source>
        <translation>Bundle schreiben</translation>
    </message>
    <message>
        <source>Measuring what layers are given</source>
        <translation>Messen, was Schichten bekommen</translation>
    </message>
    <message>
        <source>Converting modules</source>
        <translation>Module umwandeln</translation>
    </message>
    <message>
        <source>Comparing</source>
        <translation>Vergleichen</translation>
    </message>
    <message>
        <source>{done} of {total} MB</source>
        <translation>{done} von {total} MB</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} von {total}</translation>
    </message>
    <message>
        <source>{seconds} s left</source>
        <translation>noch {seconds} s</translation>
    </message>
    <message>
        <source>{minutes} min left</source>
        <translation>noch {minutes} min</translation>
    </message>
</context>
<context>
    <name>ErrorLine</name>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Copy the error for a report</source>
        <translation>Fehler für einen Bericht kopieren</translation>
    </message>
    <message>
        <source>Show what the worker said</source>
        <translation>Zeigen, was der Arbeitsprozess sagte</translation>
    </message>
    <message>
        <source>Dismiss the error</source>
        <translation>Fehler ausblenden</translation>
    </message>
    <message>
        <source>What the worker said</source>
        <translation>Was der Arbeitsprozess sagte</translation>
    </message>
</context>
<context>
    <name>ExportWords</name>
    <message>
        <source>Fastest on processors, graphics and neural units of Intel; runs on other processors too.</source>
        <translation>Am schnellsten auf Prozessoren, Grafik und KI-Einheiten von Intel; läuft auch auf anderen Prozessoren.</translation>
    </message>
    <message>
        <source>Runs everywhere: on any processor, and on graphics cards of NVIDIA.</source>
        <translation>Läuft überall: auf jedem Prozessor und auf Grafikkarten von NVIDIA.</translation>
    </message>
    <message>
        <source>For Macs with an Apple chip; for clips of one size.</source>
        <translation>Für Macs mit Apple-Chip; für Clips einer einzigen Größe.</translation>
    </message>
    <message>
        <source>Reference bundle only</source>
        <translation>Nur das Referenz-Bundle</translation>
    </message>
    <message>
        <source>Export later; runs slowly, in PyTorch.</source>
        <translation>Später exportieren; läuft langsam, in PyTorch.</translation>
    </message>
    <message>
        <source>Largest, and exact.</source>
        <translation>Am größten, und exakt.</translation>
    </message>
    <message>
        <source>As good as equal at half the size; the usual choice.</source>
        <translation>So gut wie gleich bei halber Größe; die übliche Wahl.</translation>
    </message>
    <message>
        <source>A quarter of the size; looks the same.</source>
        <translation>Ein Viertel der Größe; sieht gleich aus.</translation>
    </message>
    <message>
        <source>Smallest; clips may be a little grainy.</source>
        <translation>Am kleinsten; Clips können etwas körnig sein.</translation>
    </message>
    <message>
        <source>A quarter of the size, and faster on newer processors.</source>
        <translation>Ein Viertel der Größe, und schneller auf neueren Prozessoren.</translation>
    </message>
    <message>
        <source>A fifth of the size; looks nearly the same.</source>
        <translation>Ein Fünftel der Größe; sieht fast gleich aus.</translation>
    </message>
    <message>
        <source>An eighth of the size; clips may be a little grainy.</source>
        <translation>Ein Achtel der Größe; Clips können etwas körnig sein.</translation>
    </message>
</context>
<context>
    <name>FilesPage</name>
    <message>
        <source>Which files?</source>
        <translation>Welche Dateien?</translation>
    </message>
    <message>
        <source>Base model</source>
        <translation>Basismodell</translation>
    </message>
    <message>
        <source>PIA weights</source>
        <translation>PIA-Gewichte</translation>
    </message>
    <message>
        <source>VAE</source>
        <translation>VAE</translation>
    </message>
    <message>
        <source>Tiny decoder</source>
        <translation>Kleiner Decoder</translation>
    </message>
    <message>
        <source>Add LoRAs</source>
        <translation>LoRAs hinzufügen</translation>
    </message>
    <message>
        <source>Add embeddings</source>
        <translation>Embeddings hinzufügen</translation>
    </message>
    <message>
        <source>a file, or a folder of diffusers</source>
        <translation>eine Datei oder ein diffusers-Ordner</translation>
    </message>
    <message>
        <source>pia.ckpt, a .safetensors of it, or a motion adapter</source>
        <translation>pia.ckpt, dasselbe als .safetensors, oder ein Motion-Adapter</translation>
    </message>
    <message>
        <source>that of the base model</source>
        <translation>das des Basismodells</translation>
    </message>
    <message>
        <source>none; TAESD makes previews and drafts faster</source>
        <translation>keiner; TAESD macht Vorschau und Entwürfe schneller</translation>
    </message>
    <message>
        <source>What each file is will be looked at next; names do not matter.</source>
        <translation>Was jede Datei ist, wird als Nächstes angesehen; auf die Namen kommt es nicht an.</translation>
    </message>
    <message>
        <source>Base &amp;model</source>
        <translation>&amp;Basismodell</translation>
    </message>
    <message>
        <source>&amp;PIA weights</source>
        <translation>&amp;PIA-Gewichte</translation>
    </message>
    <message>
        <source>LoRAs</source>
        <translation>LoRAs</translation>
    </message>
    <message>
        <source>Embeddings</source>
        <translation>Embeddings</translation>
    </message>
    <message>
        <source>Only if you want another than the usual one:</source>
        <translation>Nur falls du einen anderen als den üblichen willst:</translation>
    </message>
    <message>
        <source>&amp;VAE</source>
        <translation>&amp;VAE</translation>
    </message>
    <message>
        <source>&amp;Tiny decoder</source>
        <translation>Kleiner &amp;Decoder</translation>
    </message>
</context>
<context>
    <name>FirstRun</name>
    <message>
        <source>&amp;Animate the example</source>
        <translation>Beispiel &amp;jetzt animieren</translation>
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
    <name>FormatList</name>
    <message>
        <source>{0} bytes</source>
        <translation>{0} Byte</translation>
    </message>
    <message>
        <source>…</source>
        <translation>…</translation>
    </message>
    <message>
        <source>not possible</source>
        <translation>nicht möglich</translation>
    </message>
    <message>
        <source>Being found out</source>
        <translation>Wird ermittelt</translation>
    </message>
    <message>
        <source>&amp;GIF</source>
        <translation>&amp;GIF</translation>
    </message>
    <message>
        <source>Plays nearly everywhere. 256 colours, and times in steps of 10 ms.</source>
        <translation>Läuft fast überall. 256 Farben, und Zeiten in Schritten von 10 ms.</translation>
    </message>
    <message>
        <source>&amp;WebP</source>
        <translation>&amp;WebP</translation>
    </message>
    <message>
        <source>Small and in full colour, for web pages and chats. Exact up to 256 × 256.</source>
        <translation>Klein und in vollen Farben, für Webseiten und Chats. Exakt bis 256 × 256.</translation>
    </message>
    <message>
        <source>A&amp;PNG</source>
        <translation>A&amp;PNG</translation>
    </message>
    <message>
        <source>Every pixel exact. Browsers play it; some programs show the first frame alone.</source>
        <translation>Jedes Pixel exakt. Browser spielen es ab; manche Programme zeigen nur den ersten Frame.</translation>
    </message>
    <message>
        <source>&amp;MP4</source>
        <translation>&amp;MP4</translation>
    </message>
    <message>
        <source>For phones and video editors. Not lossless: colours have half the resolution.</source>
        <translation>Für Handys und Videoschnitt. Nicht verlustfrei: Farben haben die halbe Auflösung.</translation>
    </message>
    <message>
        <source>P&amp;ictures</source>
        <translation>B&amp;ilder</translation>
    </message>
    <message>
        <source>A folder with one PNG for each frame, every pixel exact, for other programs.</source>
        <translation>Ein Ordner mit einem PNG je Frame, jedes Pixel exakt, für andere Programme.</translation>
    </message>
    <message>
        <source>Size as {0}</source>
        <translation>Größe als {0}</translation>
    </message>
</context>
<context>
    <name>GalleryGrid</name>
    <message>
        <source>Clips</source>
        <translation>Clips</translation>
    </message>
</context>
<context>
    <name>GalleryPage</name>
    <message>
        <source>&amp;Open a clip made elsewhere…</source>
        <translation>Anderswo erstellten Clip ö&amp;ffnen …</translation>
    </message>
    <message>
        <source>Search by words of the prompt</source>
        <translation>Nach Wörtern des Prompts suchen</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} von {1}</translation>
    </message>
    <message numerus="yes">
        <source>%n clip(s)</source>
        <translation>
            <numerusform>Ein Clip</numerusform>
            <numerusform>%n Clips</numerusform>
        </translation>
    </message>
    <message>
        <source>Every clip that you make is kept here, with the settings it was made with.</source>
        <translation>Jeder Clip, den du erstellst, bleibt hier, samt den Einstellungen, mit denen er entstand.</translation>
    </message>
    <message>
        <source>No clip has all of these words.</source>
        <translation>Kein Clip enthält alle diese Wörter.</translation>
    </message>
    <message>
        <source>Choose a clip to see how it was made.</source>
        <translation>Wähle einen Clip, um zu sehen, wie er entstand.</translation>
    </message>
    <message>
        <source>The picture {0} was not found. Open it yourself.</source>
        <translation>Das Bild {0} wurde nicht gefunden. Öffne es selbst.</translation>
    </message>
    <message>
        <source>Saved as {0}.</source>
        <translation>Gespeichert als {0}.</translation>
    </message>
    <message>
        <source>Clips ({0})</source>
        <translation>Clips ({0})</translation>
    </message>
    <message>
        <source>Open a clip</source>
        <translation>Clip öffnen</translation>
    </message>
    <message>
        <source>{0} is no longer in the gallery.</source>
        <translation>{0} ist nicht mehr in der Galerie.</translation>
    </message>
    <message>
        <source>{0} is in the trash.</source>
        <translation>{0} liegt im Papierkorb.</translation>
    </message>
    <message>
        <source>Delete for good?</source>
        <translation>Endgültig löschen?</translation>
    </message>
    <message>
        <source>It can be deleted for good instead. There is no way back.</source>
        <translation>Stattdessen kann er endgültig gelöscht werden. Das lässt sich nicht rückgängig machen.</translation>
    </message>
    <message>
        <source>&amp;Delete for good</source>
        <translation>Endgültig &amp;löschen</translation>
    </message>
</context>
<context>
    <name>GalleryRows</name>
    <message>
        <source>the file is gone</source>
        <translation>die Datei ist weg</translation>
    </message>
</context>
<context>
    <name>IngredientList</name>
    <message>
        <source>Add…</source>
        <translation>Hinzufügen …</translation>
    </message>
    <message>
        <source>Strength of {name}</source>
        <translation>Stärke von {name}</translation>
    </message>
    <message>
        <source>Strength: 1 is what its maker meant</source>
        <translation>Stärke: 1 ist, wie es gedacht war</translation>
    </message>
    <message>
        <source>word in the file</source>
        <translation>Wort in der Datei</translation>
    </message>
    <message>
        <source>Word for {name}</source>
        <translation>Wort für {name}</translation>
    </message>
    <message>
        <source>The word of the prompt that calls it</source>
        <translation>Das Wort im Prompt, mit dem es aufgerufen wird</translation>
    </message>
</context>
<context>
    <name>IngredientRow</name>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Remove {name}</source>
        <translation>{name} entfernen</translation>
    </message>
</context>
<context>
    <name>JobQueue</name>
    <message numerus="yes">
        <source>%n clip(s) wait, and the queue is paused.</source>
        <translation>
            <numerusform>Ein Clip wartet, und die Warteschlange ist angehalten.</numerusform>
            <numerusform>%n Clips warten, und die Warteschlange ist angehalten.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n clip(s) were waiting when the window closed, and are made now.</source>
        <translation>
            <numerusform>Ein Clip wartete noch, als das Fenster geschlossen wurde; er wird jetzt erstellt.</numerusform>
            <numerusform>%n Clips warteten noch, als das Fenster geschlossen wurde; sie werden jetzt erstellt.</numerusform>
        </translation>
    </message>
    <message>
        <source>The queue will not outlive this window.</source>
        <translation>Die Warteschlange geht mit diesem Fenster verloren.</translation>
    </message>
</context>
<context>
    <name>LastPictureRow</name>
    <message>
        <source>Last picture</source>
        <translation>Letztes Bild</translation>
    </message>
    <message>
        <source>The clip ends with</source>
        <translation>Der Clip endet mit</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Remove the last picture</source>
        <translation>Letztes Bild entfernen</translation>
    </message>
    <message>
        <source>What was done to the last picture</source>
        <translation>Was mit dem letzten Bild geschah</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>Ändern …</translation>
    </message>
    <message>
        <source>End the clip with another picture…</source>
        <translation>Den Clip mit einem anderen Bild enden lassen …</translation>
    </message>
</context>
<context>
    <name>LaterPromptRow</name>
    <message>
        <source>Acts from</source>
        <translation>Wirkt ab</translation>
    </message>
    <message>
        <source>A part of the clip such as 50%, or the number of a frame</source>
        <translation>Ein Teil des Clips wie 50 %, oder die Nummer eines Frames</translation>
    </message>
    <message>
        <source>Prompt of later frames</source>
        <translation>Prompt späterer Frames</translation>
    </message>
    <message>
        <source>What is seen then</source>
        <translation>Was dann zu sehen ist</translation>
    </message>
    <message>
        <source>Remove this prompt</source>
        <translation>Diesen Prompt entfernen</translation>
    </message>
    <message>
        <source>from</source>
        <translation>ab</translation>
    </message>
    <message>
        <source>Expected a part of the clip such as 50%, or a frame; found “{0}”.</source>
        <translation>Erwartet wurde ein Teil des Clips wie 50 % oder ein Frame; gefunden: „{0}“.</translation>
    </message>
</context>
<context>
    <name>LaterPrompts</name>
    <message>
        <source>Then something else…</source>
        <translation>Danach etwas anderes…</translation>
    </message>
    <message>
        <source>Another prompt from a later frame on; each one makes the clip take longer</source>
        <translation>Ein anderer Prompt ab einem späteren Frame; mit jedem dauert der Clip länger</translation>
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
    <name>LookPage</name>
    <message>
        <source>What the files are</source>
        <translation>Was die Dateien sind</translation>
    </message>
    <message>
        <source>The files are being looked at</source>
        <translation>Die Dateien werden angesehen</translation>
    </message>
    <message>
        <source>I know where these files &amp;came from; read their numbers</source>
        <translation>Ich weiß, woher diese Dateien &amp;kommen; lies ihre Zahlen</translation>
    </message>
    <message>
        <source>What each file is</source>
        <translation>Was jede Datei ist</translation>
    </message>
    <message>
        <source>The files are being looked at…</source>
        <translation>Die Dateien werden angesehen …</translation>
    </message>
    <message>
        <source>Among the files is a pickle (.ckpt, .pt or .bin), a format that can hide programs. The same model as .safetensors is the better choice. If there is none and you trust where the file came from, PIA Edge can read the numbers in it; nothing in it is run.</source>
        <translation>Unter den Dateien ist ein Pickle (.ckpt, .pt oder .bin), ein Format, in dem sich Programme verbergen können. Dasselbe Modell als .safetensors ist die bessere Wahl. Gibt es keines und vertraust du der Herkunft der Datei, kann PIA Edge die Zahlen darin lesen; ausgeführt wird daraus nichts.</translation>
    </message>
    <message>
        <source>All files fit together. The bundle will take {size}.</source>
        <translation>Alle Dateien passen zusammen. Das Bundle wird {size} belegen.</translation>
    </message>
    <message>
        <source>Nothing was looked at.</source>
        <translation>Es wurde nichts angesehen.</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>Animate</source>
        <translation>Animieren</translation>
    </message>
    <message>
        <source>Gallery</source>
        <translation>Galerie</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Geräte</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Open picture…</source>
        <translation>&amp;Bild öffnen …</translation>
    </message>
    <message>
        <source>Open &amp;clip…</source>
        <translation>&amp;Clip öffnen …</translation>
    </message>
    <message>
        <source>&amp;Preferences…</source>
        <translation>&amp;Einstellungen …</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>Bee&amp;nden</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;Log…</source>
        <translation>&amp;Protokoll …</translation>
    </message>
    <message>
        <source>&amp;About PIA Edge</source>
        <translation>&amp;Über PIA Edge</translation>
    </message>
    <message>
        <source>About PIA Edge</source>
        <translation>Über PIA Edge</translation>
    </message>
    <message>
        <source>Animates a still picture from a sentence, on this computer alone. After PIA, the Personalized Image Animator (arXiv 2312.13964). Apache-2.0; the libraries it uses have licences of their own.</source>
        <translation>Animiert ein Standbild nach einem Satz, allein auf diesem Computer. Nach PIA, dem Personalized Image Animator (arXiv 2312.13964). Apache-2.0; die verwendeten Bibliotheken haben eigene Lizenzen.</translation>
    </message>
</context>
<context>
    <name>ModelImport</name>
    <message>
        <source>Looking at the files</source>
        <translation>Dateien werden angesehen</translation>
    </message>
    <message>
        <source>Importing {name}</source>
        <translation>{name} wird importiert</translation>
    </message>
    <message>
        <source>Exporting {name}</source>
        <translation>{name} wird exportiert</translation>
    </message>
</context>
<context>
    <name>ModelWizard</name>
    <message>
        <source>Import and export</source>
        <translation>Importieren und Exportieren</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>&amp;Add…</source>
        <translation>Hin&amp;zufügen …</translation>
    </message>
    <message>
        <source>Bundle &amp;file (.pia.zip)…</source>
        <translation>Bundle-&amp;Datei (.pia.zip) …</translation>
    </message>
    <message>
        <source>Bundle f&amp;older…</source>
        <translation>Bundle-&amp;Ordner …</translation>
    </message>
    <message>
        <source>Add a bundle that you have; or drop it onto this page</source>
        <translation>Ein vorhandenes Bundle hinzufügen; oder auf diese Seite ziehen</translation>
    </message>
    <message>
        <source>&amp;Import and export…</source>
        <translation>&amp;Importieren und Exportieren …</translation>
    </message>
    <message>
        <source>Make a bundle of models that you have, and bring it into a fast format</source>
        <translation>Aus vorhandenen Modellen ein Bundle machen und in ein schnelles Format bringen</translation>
    </message>
    <message>
        <source>&amp;Use</source>
        <translation>&amp;Verwenden</translation>
    </message>
    <message>
        <source>Animate with this bundle</source>
        <translation>Mit diesem Bundle animieren</translation>
    </message>
    <message>
        <source>Verif&amp;y</source>
        <translation>&amp;Prüfen</translation>
    </message>
    <message>
        <source>Check every file of this bundle</source>
        <translation>Jede Datei dieses Bundles prüfen</translation>
    </message>
    <message>
        <source>&amp;Remove…</source>
        <translation>E&amp;ntfernen …</translation>
    </message>
    <message>
        <source>Or drop a bundle onto this page.</source>
        <translation>Oder zieh ein Bundle auf diese Seite.</translation>
    </message>
    <message>
        <source>The sample comes with PIA Edge and stays</source>
        <translation>Das Beispiel gehört zu PIA Edge und bleibt</translation>
    </message>
    <message>
        <source>Remove a bundle</source>
        <translation>Bundle entfernen</translation>
    </message>
    <message>
        <source>Remove {name}?</source>
        <translation>{name} entfernen?</translation>
    </message>
    <message>
        <source>This frees {own}.</source>
        <translation>Das macht {own} frei.</translation>
    </message>
    <message>
        <source>{shared} are shared with other bundles and stay.</source>
        <translation>{shared} sind mit anderen Bundles geteilt und bleiben.</translation>
    </message>
    <message>
        <source>It is damaged.</source>
        <translation>Es ist beschädigt.</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>E&amp;ntfernen</translation>
    </message>
</context>
<context>
    <name>MotionChoice</name>
    <message>
        <source>Small</source>
        <translation>Gering</translation>
    </message>
    <message>
        <source>Medium</source>
        <translation>Mittel</translation>
    </message>
    <message>
        <source>Large</source>
        <translation>Groß</translation>
    </message>
    <message>
        <source>{0} motion</source>
        <translation>Bewegung: {0}</translation>
    </message>
    <message>
        <source>&amp;Loop</source>
        <translation>&amp;Schleife</translation>
    </message>
    <message>
        <source>The clip ends where it began; played over and over it has no seam.</source>
        <translation>Der Clip endet, wo er begann; wiederholt abgespielt hat er keine Naht.</translation>
    </message>
    <message>
        <source>St&amp;yle transfer</source>
        <translation>St&amp;iltransfer</translation>
    </message>
    <message>
        <source>The whole clip departs from the picture&apos;s look, for models with a style of their own.</source>
        <translation>Der ganze Clip löst sich vom Aussehen des Bildes, für Modelle mit eigenem Stil.</translation>
    </message>
</context>
<context>
    <name>MotionMeter</name>
    <message>
        <source>stands still</source>
        <translation>steht still</translation>
    </message>
    <message>
        <source>moves a little</source>
        <translation>bewegt sich wenig</translation>
    </message>
    <message>
        <source>moves</source>
        <translation>bewegt sich</translation>
    </message>
    <message>
        <source>moves much</source>
        <translation>bewegt sich viel</translation>
    </message>
    <message>
        <source>moves very much</source>
        <translation>bewegt sich sehr viel</translation>
    </message>
    <message>
        <source>Estimated motion</source>
        <translation>Geschätzte Bewegung</translation>
    </message>
    <message>
        <source>Estimated from the curve alone: how far it lies below 1 on average, compared with the paper&apos;s large motion.</source>
        <translation>Allein aus der Kurve geschätzt: wie weit sie im Mittel unter 1 liegt, verglichen mit der großen Bewegung der Veröffentlichung.</translation>
    </message>
    <message>
        <source>{0}: {1} percent of large motion</source>
        <translation>{0}: {1} Prozent der großen Bewegung</translation>
    </message>
</context>
<context>
    <name>MotionPanel</name>
    <message>
        <source>Motion</source>
        <translation>Bewegung</translation>
    </message>
    <message>
        <source>Copy from a &amp;clip…</source>
        <translation>Aus einem &amp;Clip übernehmen …</translation>
    </message>
    <message>
        <source>Move as strongly as another clip does, frame by frame. A clip may also be dropped here.</source>
        <translation>So stark bewegen wie ein anderer Clip, Frame für Frame. Ein Clip kann auch hierher gezogen werden.</translation>
    </message>
    <message>
        <source>Where the motion comes from</source>
        <translation>Woher die Bewegung kommt</translation>
    </message>
    <message>
        <source>Copy the motion of a clip</source>
        <translation>Bewegung eines Clips übernehmen</translation>
    </message>
    <message>
        <source>Clips</source>
        <translation>Clips</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Frame {0}: {1}</source>
        <translation>Frame {0}: {1}</translation>
    </message>
    <message>
        <source>Reading {0}…</source>
        <translation>{0} wird gelesen …</translation>
    </message>
    <message>
        <source>Copied from {0}</source>
        <translation>Übernommen aus {0}</translation>
    </message>
    <message>
        <source>A curve of your own</source>
        <translation>Eine eigene Kurve</translation>
    </message>
</context>
<context>
    <name>NoteLine</name>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <source>Cop&amp;y</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>Copy this message</source>
        <translation>Diese Meldung kopieren</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>S&amp;chließen</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
</context>
<context>
    <name>NoticeBar</name>
    <message>
        <source>U&amp;ndo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>Close this notice</source>
        <translation>Diesen Hinweis schließen</translation>
    </message>
</context>
<context>
    <name>Notifier</name>
    <message>
        <source>Your clip is done</source>
        <translation>Dein Clip ist fertig</translation>
    </message>
    <message>
        <source>A clip could not be made</source>
        <translation>Ein Clip konnte nicht erstellt werden</translation>
    </message>
</context>
<context>
    <name>OptionWords</name>
    <message>
        <source>“Base model”</source>
        <translation>„Basismodell“</translation>
    </message>
    <message>
        <source>“PIA weights”</source>
        <translation>„PIA-Gewichte“</translation>
    </message>
    <message>
        <source>“VAE”</source>
        <translation>„VAE“</translation>
    </message>
    <message>
        <source>“LoRAs”</source>
        <translation>„LoRAs“</translation>
    </message>
    <message>
        <source>“Embeddings”</source>
        <translation>„Embeddings“</translation>
    </message>
    <message>
        <source>“Tiny decoder”</source>
        <translation>„Kleiner Decoder“</translation>
    </message>
</context>
<context>
    <name>OptionalNumber</name>
    <message>
        <source>Expected a number, found “{0}”.</source>
        <translation>Erwartet wurde eine Zahl, gefunden „{0}“.</translation>
    </message>
</context>
<context>
    <name>ParityWords</name>
    <message>
        <source>equal but for rounding</source>
        <translation>gleich bis auf Rundung</translation>
    </message>
    <message>
        <source>as good as equal</source>
        <translation>so gut wie gleich</translation>
    </message>
    <message>
        <source>looks the same</source>
        <translation>sieht gleich aus</translation>
    </message>
    <message>
        <source>a little grainy</source>
        <translation>etwas körnig</translation>
    </message>
    <message>
        <source>visibly worse</source>
        <translation>sichtbar schlechter</translation>
    </message>
    <message>
        <source>Text encoder</source>
        <translation>Text-Encoder</translation>
    </message>
    <message>
        <source>Picture encoder</source>
        <translation>Bild-Encoder</translation>
    </message>
    <message>
        <source>Condition module</source>
        <translation>Bedingungsmodul</translation>
    </message>
    <message>
        <source>UNet</source>
        <translation>UNet</translation>
    </message>
    <message>
        <source>Picture decoder</source>
        <translation>Bild-Decoder</translation>
    </message>
    <message>
        <source>Tiny decoder</source>
        <translation>Kleiner Decoder</translation>
    </message>
    <message>
        <source>Motion module</source>
        <translation>Bewegungsmodul</translation>
    </message>
</context>
<context>
    <name>PathField</name>
    <message>
        <source>File…</source>
        <translation>Datei …</translation>
    </message>
    <message>
        <source>Choose a file: {name}</source>
        <translation>Datei wählen: {name}</translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation>Ordner …</translation>
    </message>
    <message>
        <source>Choose a folder: {name}</source>
        <translation>Ordner wählen: {name}</translation>
    </message>
</context>
<context>
    <name>PictureDialog</name>
    <message>
        <source>Open a picture</source>
        <translation>Bild öffnen</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>Alle Dateien</translation>
    </message>
</context>
<context>
    <name>PictureNotes</name>
    <message>
        <source>A pasted picture</source>
        <translation>Ein eingefügtes Bild</translation>
    </message>
    <message>
        <source>{0}, {1} pixels</source>
        <translation>{0}, {1} Pixel</translation>
    </message>
    <message>
        <source>Animated as it is.</source>
        <translation>Wird animiert, wie es ist.</translation>
    </message>
</context>
<context>
    <name>PicturePanel</name>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>&amp;Open…</source>
        <translation>&amp;Bild öffnen …</translation>
    </message>
    <message>
        <source>Open a picture</source>
        <translation>Bild öffnen</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Einfügen</translation>
    </message>
    <message>
        <source>Paste a picture, or the file or path of one</source>
        <translation>Ein Bild einfügen, oder Datei oder Pfad eines Bildes</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Remove the picture</source>
        <translation>Bild entfernen</translation>
    </message>
    <message>
        <source>What was done to the picture</source>
        <translation>Was mit dem Bild geschah</translation>
    </message>
    <message>
        <source>Drop a picture here</source>
        <translation>Zieh ein Bild hierher</translation>
    </message>
    <message>
        <source>from a folder or a browser, open one, or paste one</source>
        <translation>aus einem Ordner oder Browser, öffne eines oder füge eines ein</translation>
    </message>
    <message>
        <source>Try the e&amp;xample</source>
        <translation>Beis&amp;piel ausprobieren</translation>
    </message>
    <message>
        <source>Reading the picture…</source>
        <translation>Das Bild wird gelesen …</translation>
    </message>
    <message>
        <source>No picture yet</source>
        <translation>Noch kein Bild</translation>
    </message>
    <message>
        <source>{0}, animated at {1} × {2}</source>
        <translation>{0}, animiert in {1} × {2}</translation>
    </message>
</context>
<context>
    <name>Plan</name>
    <message>
        <source>One frame, {size}</source>
        <translation>Ein Frame, {size}</translation>
    </message>
    <message>
        <source>{frames} frames, {size}</source>
        <translation>{frames} Frames, {size}</translation>
    </message>
    <message>
        <source>time not known yet</source>
        <translation>Dauer noch unbekannt</translation>
    </message>
    <message>
        <source>{time} here</source>
        <translation>{time} hier</translation>
    </message>
    <message>
        <source>{memory} of memory</source>
        <translation>{memory} Arbeitsspeicher</translation>
    </message>
    <message>
        <source>This clip takes about {needed} of memory, and {free} are free. It may become very slow, or fail. Fewer frames or a smaller size take less.</source>
        <translation>Dieser Clip braucht etwa {needed} Arbeitsspeicher, und {free} sind frei. Es kann sehr langsam werden oder scheitern. Weniger Frames oder eine kleinere Größe brauchen weniger.</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Runs on</source>
        <translation>Läuft auf</translation>
    </message>
    <message>
        <source>Clip</source>
        <translation>Clip</translation>
    </message>
    <message>
        <source>Work</source>
        <translation>Arbeit</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Arbeitsspeicher</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <source>{size} MB</source>
        <translation>{size} MB</translation>
    </message>
    <message>
        <source>{size} GB</source>
        <translation>{size} GB</translation>
    </message>
    <message>
        <source>{frames} frames of {size} pixels</source>
        <translation>{frames} Frames mit {size} Pixeln</translation>
    </message>
    <message>
        <source>{frames} frames of {size} pixels, in {windows} windows of {window} frames</source>
        <translation>{frames} Frames mit {size} Pixeln, in {windows} Fenstern zu {window} Frames</translation>
    </message>
    <message>
        <source>{steps} steps of {scheduler}</source>
        <translation>{steps} Schritte mit {scheduler}</translation>
    </message>
    <message>
        <source>without guidance</source>
        <translation>ohne Guidance</translation>
    </message>
    <message>
        <source>guidance {scale}</source>
        <translation>Guidance {scale}</translation>
    </message>
    <message>
        <source>the UNet runs {calls} times</source>
        <translation>das UNet läuft {calls}-mal</translation>
    </message>
    <message>
        <source>{free} are free</source>
        <translation>{free} sind frei</translation>
    </message>
    <message>
        <source>not known on this device; {free}</source>
        <translation>auf diesem Gerät nicht bekannt; {free}</translation>
    </message>
    <message>
        <source>encoding</source>
        <translation>Kodieren</translation>
    </message>
    <message>
        <source>denoising</source>
        <translation>Entrauschen</translation>
    </message>
    <message>
        <source>decoding</source>
        <translation>Dekodieren</translation>
    </message>
    <message>
        <source>The model is loaded anew for every clip.</source>
        <translation>Das Modell wird für jeden Clip neu geladen.</translation>
    </message>
    <message>
        <source>known after the first clip with this model</source>
        <translation>nach dem ersten Clip mit diesem Modell bekannt</translation>
    </message>
    <message>
        <source>{load} loading, {denoise} denoising, {decode} decoding; learned from clips made here</source>
        <translation>{load} Laden, {denoise} Entrauschen, {decode} Dekodieren; gelernt aus Clips, die hier entstanden</translation>
    </message>
</context>
<context>
    <name>PlanLine</name>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Einzelheiten</translation>
    </message>
    <message>
        <source>Details of the plan</source>
        <translation>Einzelheiten des Plans</translation>
    </message>
    <message>
        <source>Choose a picture and say what should move.</source>
        <translation>Wähle ein Bild und sag, was sich bewegen soll.</translation>
    </message>
    <message>
        <source>Looking at what this clip takes…</source>
        <translation>Was dieser Clip braucht, wird ermittelt …</translation>
    </message>
</context>
<context>
    <name>Player</name>
    <message>
        <source>Clip</source>
        <translation>Clip</translation>
    </message>
    <message>
        <source>&amp;Copy frame</source>
        <translation>Frame &amp;kopieren</translation>
    </message>
    <message>
        <source>Copy clip as a &amp;file</source>
        <translation>Clip als &amp;Datei kopieren</translation>
    </message>
    <message>
        <source>C&amp;ompare with the picture</source>
        <translation>Mit dem Bild &amp;vergleichen</translation>
    </message>
    <message>
        <source>&amp;Smooth when enlarged</source>
        <translation>Beim Vergrößern &amp;glätten</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>Speichern unter …</translation>
    </message>
    <message>
        <source>Compare with the picture (C)</source>
        <translation>Mit dem Bild vergleichen (C)</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>Save as GIF, WebP, APNG, MP4 or pictures (Ctrl+S)</source>
        <translation>Als GIF, WebP, APNG, MP4 oder Bilder speichern (Strg+S)</translation>
    </message>
    <message>
        <source>Your clip is played here.</source>
        <translation>Hier wird dein Clip abgespielt.</translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation>Wird geöffnet …</translation>
    </message>
    <message>
        <source>preview</source>
        <translation>Vorschau</translation>
    </message>
    <message>
        <source>Frame {0} is on the clipboard.</source>
        <translation>Frame {0} ist in der Zwischenablage.</translation>
    </message>
    <message>
        <source>The clip is on the clipboard, as a file.</source>
        <translation>Der Clip ist als Datei in der Zwischenablage.</translation>
    </message>
    <message>
        <source>Saved as {0}, {1}.</source>
        <translation>Gespeichert als {0}, {1}.</translation>
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
<context>
    <name>Progress</name>
    <message>
        <source>Starting</source>
        <translation>Wird gestartet</translation>
    </message>
    <message>
        <source>Reading picture and prompt</source>
        <translation>Bild und Prompt werden gelesen</translation>
    </message>
    <message>
        <source>Loading the model; the first time takes longer</source>
        <translation>Das Modell wird geladen; beim ersten Mal dauert es länger</translation>
    </message>
    <message>
        <source>Making the motion, step {done} of {total}</source>
        <translation>Die Bewegung entsteht, Schritt {done} von {total}</translation>
    </message>
    <message>
        <source>Finishing frame {done} of {total}</source>
        <translation>Frame {done} von {total} wird fertiggestellt</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>noch {time}</translation>
    </message>
</context>
<context>
    <name>PromptField</name>
    <message>
        <source>Length</source>
        <translation>Länge</translation>
    </message>
    <message>
        <source>Tokens – short words and parts of long ones – and how many of them the model reads.</source>
        <translation>Tokens – kurze Wörter und Teile von langen – und wie viele davon das Modell liest.</translation>
    </message>
    <message>
        <source>{0} of {1} tokens</source>
        <translation>{0} von {1} Tokens</translation>
    </message>
    <message>
        <source>{0} tokens, {1} are read; the end that is struck out is not</source>
        <translation>{0} Tokens, {1} werden gelesen; das durchgestrichene Ende nicht</translation>
    </message>
</context>
<context>
    <name>PromptPanel</name>
    <message>
        <source>Prompt</source>
        <translation>Prompt</translation>
    </message>
    <message>
        <source>What the picture shows, then what should move</source>
        <translation>Was das Bild zeigt, dann was sich bewegen soll</translation>
    </message>
    <message>
        <source>Negative prompt</source>
        <translation>Negativer Prompt</translation>
    </message>
    <message>
        <source>What it should not look like</source>
        <translation>Wie es nicht aussehen soll</translation>
    </message>
    <message>
        <source>Words for movement, to be added to the prompt</source>
        <translation>Wörter für Bewegung, die an den Prompt angehängt werden</translation>
    </message>
    <message>
        <source>Blurry, distorted, text…</source>
        <translation>Unscharf, verzerrt, Schrift …</translation>
    </message>
</context>
<context>
    <name>Queue</name>
    <message>
        <source>Paused</source>
        <translation>Pausiert</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Done in {time}</source>
        <translation>Fertig in {time}</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Gestoppt</translation>
    </message>
    <message>
        <source>Failed: {error}</source>
        <translation>Fehlgeschlagen: {error}</translation>
    </message>
    <message>
        <source>{picture} · seed {seed}</source>
        <translation>{picture} · Seed {seed}</translation>
    </message>
    <message>
        <source>{count} waiting</source>
        <translation>{count} warten</translation>
    </message>
    <message>
        <source>paused after this clip</source>
        <translation>Pause nach diesem Clip</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>pausiert</translation>
    </message>
    <message>
        <source>Running in another window</source>
        <translation>Läuft in einem anderen Fenster</translation>
    </message>
    <message>
        <source>Running, {percent} %</source>
        <translation>Läuft, {percent} %</translation>
    </message>
</context>
<context>
    <name>QueuePanel</name>
    <message>
        <source>Clips that you animate wait here for their turn.</source>
        <translation>Clips, die du animierst, warten hier, bis sie an der Reihe sind.</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stoppen</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal versuchen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Move up</source>
        <translation>Nach oben</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>Nach unten</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>Abspielen</translation>
    </message>
    <message>
        <source>Use these settings</source>
        <translation>Diese Einstellungen verwenden</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>Warteschlange</translation>
    </message>
    <message>
        <source>Alt with the arrow keys moves a clip, Delete removes it.</source>
        <translation>Alt mit den Pfeiltasten verschiebt einen Clip, Entf entfernt ihn.</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pausieren</translation>
    </message>
    <message>
        <source>Forget what is done, failed or stopped; finished clips stay in the gallery</source>
        <translation>Fertiges, Fehlgeschlagenes und Gestopptes vergessen; fertige Clips bleiben in der Galerie</translation>
    </message>
    <message>
        <source>Clear finished jobs</source>
        <translation>Beendete Aufträge entfernen</translation>
    </message>
    <message>
        <source>Go on with the next clip</source>
        <translation>Mit dem nächsten Clip weitermachen</translation>
    </message>
    <message>
        <source>Finish the present clip, then pause</source>
        <translation>Diesen Clip fertigstellen, dann pausieren</translation>
    </message>
</context>
<context>
    <name>RecipeWords</name>
    <message>
        <source>{0} steps with {1}</source>
        <translation>{0} Schritte mit {1}</translation>
    </message>
    <message>
        <source>{0} frames, {1} a second: {2} s</source>
        <translation>{0} Frames, {1} pro Sekunde: {2} s</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>Prompt</translation>
    </message>
    <message>
        <source>From {0}</source>
        <translation>Ab {0}</translation>
    </message>
    <message>
        <source>Without</source>
        <translation>Ohne</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Ends with</source>
        <translation>Endet mit</translation>
    </message>
    <message>
        <source>Motion</source>
        <translation>Bewegung</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>Länge</translation>
    </message>
    <message>
        <source>Played</source>
        <translation>Abgespielt</translation>
    </message>
    <message>
        <source>forwards and backwards</source>
        <translation>vorwärts und rückwärts</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Seed</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation>Guidance</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Made on</source>
        <translation>Erstellt auf</translation>
    </message>
    <message>
        <source>copied from {0}</source>
        <translation>übernommen aus {0}</translation>
    </message>
    <message>
        <source>drawn by hand</source>
        <translation>von Hand gezeichnet</translation>
    </message>
    <message>
        <source>small</source>
        <translation>gering</translation>
    </message>
    <message>
        <source>medium</source>
        <translation>mittel</translation>
    </message>
    <message>
        <source>large</source>
        <translation>groß</translation>
    </message>
    <message>
        <source>{0}, as a loop</source>
        <translation>{0}, als Schleife</translation>
    </message>
    <message>
        <source>{0}, as a change of style</source>
        <translation>{0}, als Stilwechsel</translation>
    </message>
    <message>
        <source>frame {0}</source>
        <translation>Frame {0}</translation>
    </message>
</context>
<context>
    <name>RememberedDraft</name>
    <message>
        <source>What you were composing could not be read: {0}</source>
        <translation>Dein begonnener Clip konnte nicht gelesen werden: {0}</translation>
    </message>
    <message>
        <source>What you compose is kept until the window is closed: {0}</source>
        <translation>Was du vorbereitest, bleibt nur, bis das Fenster geschlossen wird: {0}</translation>
    </message>
</context>
<context>
    <name>RunPage</name>
    <message>
        <source>The bundle is made</source>
        <translation>Das Bundle ist fertig</translation>
    </message>
    <message>
        <source>The bundle could not be made</source>
        <translation>Das Bundle konnte nicht erstellt werden</translation>
    </message>
    <message>
        <source>It was stopped</source>
        <translation>Gestoppt</translation>
    </message>
    <message>
        <source>Making the bundle</source>
        <translation>Das Bundle wird erstellt</translation>
    </message>
    <message>
        <source>This may take some minutes. Every module is compared with the original before the bundle is kept.</source>
        <translation>Das kann einige Minuten dauern. Jedes Modul wird mit dem Original verglichen, bevor das Bundle behalten wird.</translation>
    </message>
    <message>
        <source>{name} is among your bundles, and in use.</source>
        <translation>{name} gehört zu deinen Bundles und wird verwendet.</translation>
    </message>
    <message>
        <source>What was finished is kept; go back and forth to go on.</source>
        <translation>Was fertig wurde, bleibt erhalten; geh zurück und wieder vor, um weiterzumachen.</translation>
    </message>
</context>
<context>
    <name>RunPanel</name>
    <message>
        <source>Animate</source>
        <translation>Animieren</translation>
    </message>
    <message>
        <source>Animate anyway</source>
        <translation>Trotzdem animieren</translation>
    </message>
    <message>
        <source>Add to queue</source>
        <translation>In die Warteschlange</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stoppen</translation>
    </message>
    <message>
        <source>Progress of the clip</source>
        <translation>Fortschritt des Clips</translation>
    </message>
    <message>
        <source>What happens now</source>
        <translation>Was gerade geschieht</translation>
    </message>
    <message>
        <source>Stop the clip that is being made (Esc)</source>
        <translation>Den entstehenden Clip stoppen (Esc)</translation>
    </message>
    <message>
        <source>Stop the clip that is being made</source>
        <translation>Den entstehenden Clip stoppen</translation>
    </message>
    <message>
        <source>Stopped. Nothing was written.</source>
        <translation>Gestoppt. Es wurde nichts geschrieben.</translation>
    </message>
    <message>
        <source>this window closes then</source>
        <translation>danach schließt sich dieses Fenster</translation>
    </message>
    <message>
        <source>{done}, with seed {seed}. Saved as {name}.</source>
        <translation>{done}, mit Seed {seed}. Gespeichert als {name}.</translation>
    </message>
    <message>
        <source>Make this clip (Ctrl+Return)</source>
        <translation>Diesen Clip erstellen (Strg+Eingabe)</translation>
    </message>
    <message>
        <source>Another window makes a clip</source>
        <translation>Ein anderes Fenster erstellt einen Clip</translation>
    </message>
</context>
<context>
    <name>SaveDialog</name>
    <message>
        <source>Save clip</source>
        <translation>Clip speichern</translation>
    </message>
    <message>
        <source>Play &amp;forwards, then backwards</source>
        <translation>&amp;Vorwärts, dann rückwärts abspielen</translation>
    </message>
    <message>
        <source>C&amp;hoose…</source>
        <translation>Aus&amp;wählen …</translation>
    </message>
    <message>
        <source> frames a second</source>
        <translation> Frames pro Sekunde</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Problem</translation>
    </message>
    <message>
        <source>Saving</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Spee&amp;d</source>
        <translation>&amp;Tempo</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>In f&amp;older</source>
        <translation>Im &amp;Ordner</translation>
    </message>
    <message>
        <source>(a folder)</source>
        <translation>(ein Ordner)</translation>
    </message>
    <message>
        <source>Save in</source>
        <translation>Speichern in</translation>
    </message>
    <message>
        <source>Replace?</source>
        <translation>Ersetzen?</translation>
    </message>
    <message>
        <source>{0} exists already in this folder.</source>
        <translation>{0} gibt es in diesem Ordner schon.</translation>
    </message>
    <message>
        <source>&amp;Replace</source>
        <translation>&amp;Ersetzen</translation>
    </message>
</context>
<context>
    <name>Saving</name>
    <message>
        <source>This clip plays both ways already.</source>
        <translation>Dieser Clip läuft schon vor und zurück.</translation>
    </message>
    <message>
        <source>This clip is a loop: it ends where it began.</source>
        <translation>Dieser Clip ist eine Schleife: Er endet, wo er begann.</translation>
    </message>
</context>
<context>
    <name>SeedRow</name>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Keep the seed</source>
        <translation>Seed behalten</translation>
    </message>
    <message>
        <source>The same seed and settings give the same clip again.</source>
        <translation>Derselbe Seed mit denselben Einstellungen ergibt wieder denselben Clip.</translation>
    </message>
    <message>
        <source>Use the last</source>
        <translation>Letzten verwenden</translation>
    </message>
    <message>
        <source>Use the last seed</source>
        <translation>Letzten Seed verwenden</translation>
    </message>
    <message>
        <source>Drawn for every clip</source>
        <translation>Wird für jeden Clip gezogen</translation>
    </message>
    <message>
        <source>Last: {0}</source>
        <translation>Zuletzt: {0}</translation>
    </message>
</context>
<context>
    <name>SettingsPanel</name>
    <message>
        <source>Seed</source>
        <translation>Seed</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>Guidance scale</source>
        <translation>Guidance-Stärke</translation>
    </message>
    <message>
        <source>Guidance begins at</source>
        <translation>Guidance beginnt bei</translation>
    </message>
    <message>
        <source>Guidance ends at</source>
        <translation>Guidance endet bei</translation>
    </message>
    <message>
        <source>Width in pixels</source>
        <translation>Breite in Pixeln</translation>
    </message>
    <message>
        <source>Height in pixels</source>
        <translation>Höhe in Pixeln</translation>
    </message>
    <message>
        <source>Scheduler</source>
        <translation>Scheduler</translation>
    </message>
    <message>
        <source>Decoder</source>
        <translation>Decoder</translation>
    </message>
    <message>
        <source>Frames in between</source>
        <translation>Zwischenbilder</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>Einpassung</translation>
    </message>
    <message>
        <source>Advanced settings</source>
        <translation>Erweiterte Einstellungen</translation>
    </message>
    <message>
        <source>0, the first step</source>
        <translation>0, der erste Schritt</translation>
    </message>
    <message>
        <source>1, the last</source>
        <translation>1, der letzte</translation>
    </message>
    <message>
        <source>width</source>
        <translation>Breite</translation>
    </message>
    <message>
        <source>height</source>
        <translation>Höhe</translation>
    </message>
    <message>
        <source>Euler ancestral</source>
        <translation>Euler ancestral</translation>
    </message>
    <message>
        <source>Full</source>
        <translation>Voll</translation>
    </message>
    <message>
        <source>Tiny: much faster, blurs fine detail</source>
        <translation>Klein: viel schneller, verwischt feine Details</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>{0} times the frames</source>
        <translation>{0}-mal so viele Frames</translation>
    </message>
    <message>
        <source>Shows more frames a second, in between by following the motion; needs the extra video.</source>
        <translation>Zeigt mehr Frames pro Sekunde, dazwischen der Bewegung folgend; braucht das Extra video.</translation>
    </message>
    <message>
        <source>Scaled, its shape kept</source>
        <translation>Skaliert, Form erhalten</translation>
    </message>
    <message>
        <source>Cropped</source>
        <translation>Zugeschnitten</translation>
    </message>
    <message>
        <source>Padded</source>
        <translation>Aufgefüllt</translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation>Guidance</translation>
    </message>
    <message>
        <source>acts from</source>
        <translation>wirkt von</translation>
    </message>
    <message>
        <source>to</source>
        <translation>bis</translation>
    </message>
    <message>
        <source>In between</source>
        <translation>Dazwischen</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>The bundle&apos;s: {0}</source>
        <translation>Wie im Bundle: {0}</translation>
    </message>
</context>
<context>
    <name>ShapeChooser</name>
    <message>
        <source>Shape of the clip</source>
        <translation>Form des Clips</translation>
    </message>
    <message>
        <source>How the picture fills the shape</source>
        <translation>Wie das Bild die Form füllt</translation>
    </message>
    <message>
        <source>Scaled</source>
        <translation>Skaliert</translation>
    </message>
    <message>
        <source>Cropped</source>
        <translation>Zugeschnitten</translation>
    </message>
    <message>
        <source>Padded</source>
        <translation>Aufgefüllt</translation>
    </message>
    <message>
        <source>Fills the shape; what stands over is cut off evenly.</source>
        <translation>Füllt die Form; was übersteht, wird gleichmäßig abgeschnitten.</translation>
    </message>
    <message>
        <source>Shows the whole picture; its edges are repeated outwards.</source>
        <translation>Zeigt das ganze Bild; seine Ränder werden nach außen wiederholt.</translation>
    </message>
    <message>
        <source>Shap&amp;e</source>
        <translation>F&amp;orm</translation>
    </message>
    <message>
        <source>As the picture</source>
        <translation>Wie das Bild</translation>
    </message>
    <message>
        <source>{0}:{1}  ({2} × {3})</source>
        <translation>{0}:{1}  ({2} × {3})</translation>
    </message>
    <message>
        <source>{0} × {1}</source>
        <translation>{0} × {1}</translation>
    </message>
</context>
<context>
    <name>StartPage</name>
    <message>
        <source>What would you like to begin with?</source>
        <translation>Womit möchtest du beginnen?</translation>
    </message>
    <message>
        <source>Looking whether models can be imported here…</source>
        <translation>Es wird geprüft, ob hier Modelle importiert werden können …</translation>
    </message>
    <message>
        <source>Command that installs them</source>
        <translation>Befehl, der sie installiert</translation>
    </message>
    <message>
        <source>Cop&amp;y</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>Copy the command</source>
        <translation>Befehl kopieren</translation>
    </message>
    <message>
        <source>Then start PIA Edge again. Bundles that you have can be added without this.</source>
        <translation>Starte PIA Edge danach neu. Vorhandene Bundles lassen sich auch ohne das hinzufügen.</translation>
    </message>
    <message>
        <source>&amp;Models that I have</source>
        <translation>&amp;Modelle, die ich habe</translation>
    </message>
    <message>
        <source>A &amp;reference bundle that I have</source>
        <translation>Ein &amp;Referenz-Bundle, das ich habe</translation>
    </message>
    <message>
        <source>Reference bundle</source>
        <translation>Referenz-Bundle</translation>
    </message>
    <message>
        <source>A Stable Diffusion 1.5 model and PIA’s weights, with LoRAs and embeddings if you like.</source>
        <translation>Ein Stable-Diffusion-1.5-Modell und die Gewichte von PIA, auf Wunsch mit LoRAs und Embeddings.</translation>
    </message>
    <message>
        <source>Export it once more: to another format, or with another precision.</source>
        <translation>Noch einmal exportieren: in ein anderes Format oder mit anderer Genauigkeit.</translation>
    </message>
    <message>
        <source>Something must be installed first</source>
        <translation>Zuerst muss etwas installiert werden</translation>
    </message>
    <message>
        <source>Importing and exporting need libraries that are not installed: {names}. This installs them:</source>
        <translation>Importieren und Exportieren brauchen Bibliotheken, die nicht installiert sind: {names}. Das installiert sie:</translation>
    </message>
</context>
<context>
    <name>TargetPage</name>
    <message>
        <source>What to make of it</source>
        <translation>Was daraus werden soll</translation>
    </message>
    <message>
        <source>&amp;Make it</source>
        <translation>&amp;Erstellen</translation>
    </message>
    <message>
        <source>&amp;Format</source>
        <translation>&amp;Format</translation>
    </message>
    <message>
        <source>&amp;Precision</source>
        <translation>&amp;Genauigkeit</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>Makes: {names}</source>
        <translation>Erstellt: {names}</translation>
    </message>
    <message>
        <source>&amp;Replace what is there: {names}</source>
        <translation>Vorhandenes &amp;ersetzen: {names}</translation>
    </message>
</context>
<context>
    <name>Time</name>
    <message>
        <source>a few seconds</source>
        <translation>einige Sekunden</translation>
    </message>
    <message>
        <source>about {seconds} s</source>
        <translation>etwa {seconds} s</translation>
    </message>
    <message>
        <source>about {minutes} min</source>
        <translation>etwa {minutes} min</translation>
    </message>
    <message>
        <source>about {hours} h</source>
        <translation>etwa {hours} h</translation>
    </message>
    <message>
        <source>about {hours} h {minutes} min</source>
        <translation>etwa {hours} h {minutes} min</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} s</translation>
    </message>
    <message>
        <source>{minutes} min</source>
        <translation>{minutes} min</translation>
    </message>
    <message>
        <source>{hours} h {minutes} min</source>
        <translation>{hours} h {minutes} min</translation>
    </message>
</context>
<context>
    <name>Timing</name>
    <message>
        <source>Number of frames</source>
        <translation>Anzahl der Frames</translation>
    </message>
    <message>
        <source>Frames per second</source>
        <translation>Frames pro Sekunde</translation>
    </message>
    <message>
        <source>Frame that is the picture</source>
        <translation>Frame, der das Bild ist</translation>
    </message>
    <message>
        <source>The clip shows the picture at this frame: usually the first one.</source>
        <translation>An diesem Frame zeigt der Clip das Bild: meistens am ersten.</translation>
    </message>
    <message>
        <source>Play forth and bac&amp;k</source>
        <translation>&amp;Vor und zurück abspielen</translation>
    </message>
    <message>
        <source>Fra&amp;mes</source>
        <translation>&amp;Frames</translation>
    </message>
    <message>
        <source>per seco&amp;nd</source>
        <translation>pro Se&amp;kunde</translation>
    </message>
    <message>
        <source>picture a&amp;t</source>
        <translation>Bild ge&amp;zeigt bei</translation>
    </message>
    <message>
        <source>Length of the clip</source>
        <translation>Länge des Clips</translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation>{0} s</translation>
    </message>
</context>
<context>
    <name>Transport</name>
    <message>
        <source>Frame</source>
        <translation>Frame</translation>
    </message>
    <message>
        <source>Previous frame (,)</source>
        <translation>Voriger Frame (,)</translation>
    </message>
    <message>
        <source>Play (Space)</source>
        <translation>Abspielen (Leertaste)</translation>
    </message>
    <message>
        <source>Next frame (.)</source>
        <translation>Nächster Frame (.)</translation>
    </message>
    <message>
        <source>Play over and over</source>
        <translation>Wiederholt abspielen</translation>
    </message>
    <message>
        <source>Position</source>
        <translation>Position</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Tempo</translation>
    </message>
    <message>
        <source>How fast the clip is played here; the file stays as it is</source>
        <translation>Wie schnell der Clip hier abgespielt wird; die Datei bleibt, wie sie ist</translation>
    </message>
    <message>
        <source>{0}×</source>
        <translation>{0}×</translation>
    </message>
    <message>
        <source>Pause (Space)</source>
        <translation>Anhalten (Leertaste)</translation>
    </message>
    <message>
        <source>Frame {0} of {1} · {2} s</source>
        <translation>Frame {0} von {1} · {2} s</translation>
    </message>
</context>
</TS>
