<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en_US">
<context>
    <name>AddingBundle</name>
    <message>
        <source>Add a bundle file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bundles</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a bundle folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a bundle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You have another bundle called {name}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep both, the new one as {free}, or replace the one that you have?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Keep both</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Replace</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>BackendBox</name>
    <message>
        <source>Self-test</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Test {backend}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the report on {backend}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Report of the self-test</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is being tested…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It computes what it should.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It failed; the report says where.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not for this bundle here: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Taken automatically. Devices: {devices}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ready. Devices: {devices}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>BackendWords</name>
    <message>
        <source>Core ML on Apple</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>NVIDIA graphics (CUDA)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>OpenVINO</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ONNX Runtime</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PyTorch (reference)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The Neural Engine and graphics of Macs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Graphics cards of NVIDIA.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Processors, and graphics and neural units of Intel.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Any processor.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What every export is compared with; slow.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>BundleChooser</name>
    <message>
        <source>Bundle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Runs on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Why this does not go together</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Bundle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Runs on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{backend} cannot run this bundle here: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no device {device} here. Choose another.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Automatic: {backend}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>BundleDetails</name>
    <message>
        <source>Details of the bundle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parity report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Module</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Precision</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nearness</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In words</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where the weights came from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Part</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Licence</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Verified: all %n files are as they should be.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BundleList</name>
    <message>
        <source>Bundles</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> (in use)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>BundleWords</name>
    <message>
        <source>PyTorch (reference)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>damaged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Format</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Precision</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sizes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frames</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Usual settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tiny decoder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On the disk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Licence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size}, comes with PIA Edge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size}, {shared} of it shared with other bundles</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{first}, and {count} others, listed below</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not stated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>UNet over {steps} steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is a reference bundle: others are compared with it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It was never compared with its reference.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compared with its reference, module by module: {words}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compared with its reference: {words}. The prompt acts {prompt}, flicker is {flicker} times the original’s.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, at strength {strength}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>only {sizes} pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{minimum} to {maximum} pixels, best at {best}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>only {frames}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{trained} at their best, up to {most} at once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{steps} steps, guidance {scale}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Added words</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>yes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not compared</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Bundles</name>
    <message>
        <source>Adding {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Verifying {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Removing {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} was checked and is among your bundles.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This bundle is here already; it is called {name}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} was removed; {size} are free again.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ClipCanvas</name>
    <message>
        <source>picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>clip</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ClipDelegate</name>
    <message>
        <source>The file is gone</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ClipDetails</name>
    <message>
        <source>&amp;Use these settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Watch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a clip to see how it was made.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Took</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How the clip was made</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Closing</name>
    <message>
        <source>A clip is being made</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clips that wait stay in the queue, which goes on at the next start. What is stopped begins anew then.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Wait for this clip, then close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Stop and close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Keep open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A clip is being made. What should become of it?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A clip is being made, {left}. What should become of it?</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CurveEditor</name>
    <message>
        <source>Similarity to the picture, frame by frame: 1 is the picture, lower moves farther from it.
Drag to draw. Keys: ← → select, ↑ ↓ raise and lower, Page Up and Page Down in larger steps.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Affinity of frame {0} of {1}, in percent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Affinity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>frame {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 is the picture, lower moves more</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CurveTools</name>
    <message>
        <source>Curves</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Curves to begin with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo the last change of the curve (Ctrl+Z in the curve)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redo it (Ctrl+Shift+Z in the curve)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Return to the named motion</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Straight line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ease in and out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pulse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>small</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>medium</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>large</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Motion, {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loop, {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Style transfer, {0}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Devices</name>
    <message>
        <source>Testing {backend}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing on this computer runs this bundle; the page “Devices” says why.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DevicesPage</name>
    <message>
        <source>&amp;Look again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look for devices that came or went</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What this computer can run the bundle {name} on. Backends are tried from the top.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ErrandBar</name>
    <message>
        <source>Progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop this work</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ErrandWords</name>
    <message>
        <source>Copying</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checking files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writing the bundle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measuring what layers are given</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Converting modules</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Comparing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{done} of {total} MB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{seconds} s left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{minutes} min left</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ErrorLine</name>
    <message>
        <source>Error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>De&amp;tails</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Details of the error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the error for a report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>D&amp;ismiss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dismiss the error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the worker said</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ExportWords</name>
    <message>
        <source>Fastest on processors, graphics and neural units of Intel; runs on other processors too.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Runs everywhere: on any processor, and on graphics cards of NVIDIA.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For Macs with an Apple chip; for clips of one size.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reference bundle only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export later; runs slowly, in PyTorch.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Largest, and exact.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As good as equal at half the size; the usual choice.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A quarter of the size; looks the same.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Smallest; clips may be a little grainy.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A quarter of the size, and faster on newer processors.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A fifth of the size; looks nearly the same.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An eighth of the size; clips may be a little grainy.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FilesPage</name>
    <message>
        <source>Which files?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Base model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PIA weights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>VAE</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tiny decoder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add LoRAs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add embeddings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a file, or a folder of diffusers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>pia.ckpt, a .safetensors of it, or a motion adapter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>that of the base model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none; TAESD makes previews and drafts faster</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What each file is will be looked at next; names do not matter.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Base model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;PIA weights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>LoRAs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Embeddings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only if you want another than the usual one:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;VAE</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Tiny decoder</source>
        <translation type="unfinished"></translation>
    </message>
</context>
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
    <name>FormatList</name>
    <message>
        <source>{0} bytes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not possible</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Being found out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;GIF</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plays nearly everywhere. 256 colours, and times in steps of 10 ms.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;WebP</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Small and in full colour, for web pages and chats. Exact up to 256 × 256.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A&amp;PNG</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every pixel exact. Browsers play it; some programs show the first frame alone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;MP4</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For phones and video editors. Not lossless: colours have half the resolution.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>P&amp;ictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A folder with one PNG for each frame, every pixel exact, for other programs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size as {0}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GalleryGrid</name>
    <message>
        <source>Clips</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GalleryPage</name>
    <message>
        <source>&amp;Open a clip made elsewhere…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search by words of the prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} clips</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every clip that you make is kept here, with the settings it was made with.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No clip has all of these words.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a clip to see how it was made.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The picture {0} was not found. Open it yourself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved as {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clips ({0})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} is no longer in the gallery.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} is in the trash.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete for good?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It can be deleted for good instead. There is no way back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Delete for good</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GalleryRows</name>
    <message>
        <source>the file is gone</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IngredientList</name>
    <message>
        <source>Add…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Strength of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Strength: 1 is what its maker meant</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>word in the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Word for {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The word of the prompt that calls it</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IngredientRow</name>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove {name}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>JobQueue</name>
    <message>
        <source>%n clip(s) wait, and the queue is paused.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%n clip(s) were waiting when the window closed, and are made now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The queue will not outlive this window.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LastPictureRow</name>
    <message>
        <source>Last picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The clip ends with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove the last picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was done to the last picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>End the clip with another picture…</source>
        <translation type="unfinished"></translation>
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
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The files are being looked at</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>I know where these files &amp;came from; read their numbers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What each file is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The files are being looked at…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Among the files is a pickle (.ckpt, .pt or .bin), a format that can hide programs. The same model as .safetensors is the better choice. If there is none and you trust where the file came from, PIA Edge can read the numbers in it; nothing in it is run.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All files fit together. The bundle will take {size}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was looked at.</source>
        <translation type="unfinished"></translation>
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
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gallery</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Devices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log</source>
        <translation type="unfinished">Protokoll</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Open picture…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open &amp;clip…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Preferences…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Log…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;About PIA Edge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About PIA Edge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Animates a still picture from a sentence, on this computer alone. After PIA, the Personalized Image Animator (arXiv 2312.13964). Apache-2.0; the libraries it uses have licences of their own.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ModelImport</name>
    <message>
        <source>Looking at the files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Importing {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exporting {name}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ModelWizard</name>
    <message>
        <source>Import and export</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>&amp;Add…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bundle &amp;file (.pia.zip)…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bundle f&amp;older…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a bundle that you have; or drop it onto this page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Import and export…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make a bundle of models that you have, and bring it into a fast format</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Animate with this bundle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Verif&amp;y</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check every file of this bundle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Remove…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Or drop a bundle onto this page.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The sample comes with PIA Edge and stays</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove a bundle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove {name}?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This frees {own}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{shared} are shared with other bundles and stay.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is damaged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MotionChoice</name>
    <message>
        <source>Small</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Medium</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Large</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} motion</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Loop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The clip ends where it began; played over and over it has no seam.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>St&amp;yle transfer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The whole clip departs from the picture&apos;s look, for models with a style of their own.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MotionMeter</name>
    <message>
        <source>stands still</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>moves a little</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>moves</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>moves much</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>moves very much</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Estimated motion</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Estimated from the curve alone: how far it lies below 1 on average, compared with the paper&apos;s large motion.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}: {1} percent of large motion</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MotionPanel</name>
    <message>
        <source>Motion</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy from a &amp;clip…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move as strongly as another clip does, frame by frame. A clip may also be dropped here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where the motion comes from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the motion of a clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clips</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frame {0}: {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading {0}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copied from {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A curve of your own</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>NoteLine</name>
    <message>
        <source>Message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cop&amp;y</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy this message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>NoticeBar</name>
    <message>
        <source>U&amp;ndo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close this notice</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Notifier</name>
    <message>
        <source>Your clip is done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A clip could not be made</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>OptionWords</name>
    <message>
        <source>“Base model”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“PIA weights”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“VAE”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“LoRAs”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“Embeddings”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“Tiny decoder”</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>OptionalNumber</name>
    <message>
        <source>Expected a number, found “{0}”.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ParityWords</name>
    <message>
        <source>equal but for rounding</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>as good as equal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>looks the same</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a little grainy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>visibly worse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text encoder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture encoder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Condition module</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>UNet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture decoder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tiny decoder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Motion module</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PathField</name>
    <message>
        <source>File…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a file: {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a folder: {name}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PictureDialog</name>
    <message>
        <source>Open a picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All files</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PictureNotes</name>
    <message>
        <source>{0}, {1} × {2} pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Animated as it is.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PicturePanel</name>
    <message>
        <source>Picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Open…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paste</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paste a picture, or the file or path of one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove the picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was done to the picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop a picture here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>from a folder or a browser, open one, or paste one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try the &amp;example</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the picture…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No picture yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}, animated at {1} × {2}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Plan</name>
    <message>
        <source>One frame, {size}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{frames} frames, {size}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the time is known after the first clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{time} here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{memory} of memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This clip takes about {needed} of memory, and {free} are free. It may become very slow, or fail. Fewer frames or a smaller size take less.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Runs on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Work</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size} MB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size} GB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{frames} frames of {size} pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{frames} frames of {size} pixels, in {windows} windows of {window} frames</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{steps} steps of {scheduler}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>without guidance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>guidance {scale}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the UNet runs {calls} times</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{free} are free</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not known on this device; {free}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>encoding</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>denoising</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>decoding</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model is loaded anew for every clip.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{load} loading, {denoise} denoising, {decode} decoding; learned from clips made here</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PlanLine</name>
    <message>
        <source>Plan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Details of the plan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a picture and say what should move.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking at what this clip takes…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Player</name>
    <message>
        <source>Clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Copy frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy clip as a &amp;file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>C&amp;ompare with the picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Smooth when enlarged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How much of the picture is seen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare with the picture (C)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as GIF, WebP, APNG, MP4 or pictures (Ctrl+S)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your clip is played here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>preview</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frame {0} is on the clipboard.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The clip is on the clipboard, as a file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved as {0}, {1}.</source>
        <translation type="unfinished"></translation>
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
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading picture and prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading the model; the first time takes longer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Making the motion, step {done} of {total}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Finishing frame {done} of {total}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PromptField</name>
    <message>
        <source>Length</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tokens – short words and parts of long ones – and how many of them the model reads.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} of {1} tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} tokens, {1} are read; the end that is struck out is not</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PromptPanel</name>
    <message>
        <source>Prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the picture shows, then what should move</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Negative prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What it should not look like</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prompts of later frames</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove these</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Words for movement, to be added to the prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>from {0}: {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Blurry, distorted, text…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Queue</name>
    <message>
        <source>Paused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done in {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Failed: {error}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{picture} · seed {seed}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>paused after this clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>paused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Running in another window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Running, {percent} %</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>QueuePanel</name>
    <message>
        <source>Clips that you animate wait here for their turn.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear f&amp;inished</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use these settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Queue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Alt with the arrow keys moves a clip, Delete removes it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resu&amp;me</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on with the next clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Finish the present clip, then pause</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RecipeWords</name>
    <message>
        <source>{0} steps with {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} frames, {1} a second: {2} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Without</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ends with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Motion</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Length</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Played</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>forwards and backwards</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Made on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>copied from {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>drawn by hand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>small</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>medium</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>large</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}, as a loop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}, as a change of style</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>frame {0}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RunPage</name>
    <message>
        <source>Making the bundle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This may take some minutes. Every module is compared with the original before the bundle is kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is among your bundles, and in use.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It was stopped. What was finished is kept; go back and forth to go on.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RunPanel</name>
    <message>
        <source>&amp;Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress of the clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What happens now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop the clip that is being made (Esc)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop the clip that is being made</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped. Nothing was written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Add to queue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Animate anyway</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Animate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make this clip (Ctrl+Return)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another window makes a clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done in {time}, seed {seed}. Saved as {name}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SaveDialog</name>
    <message>
        <source>Save clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play &amp;forwards, then backwards</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>C&amp;hoose…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> frames a second</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Problem</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saving</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Spee&amp;d</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In f&amp;older</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>(a folder)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} exists already in this folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Replace</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Saving</name>
    <message>
        <source>This clip plays both ways already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This clip is a loop: it ends where it began.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SeedRow</name>
    <message>
        <source>&amp;Keep</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep the seed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The same seed and settings give the same clip again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use the last</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use the last seed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drawn for every clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last: {0}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SettingsPanel</name>
    <message>
        <source>Seed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Guidance scale</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Guidance begins at</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Guidance ends at</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Width in pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Height in pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scheduler</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Decoder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Advanced settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>0, the first step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1, the last</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>width</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>height</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Euler ancestral</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Full</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tiny: much faster, blurs fine detail</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scaled, its shape kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cropped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Padded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>acts from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model&apos;s: {0}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ShapeChooser</name>
    <message>
        <source>Shape of the clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How the picture fills the shape</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scaled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cropped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Padded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fills the shape; what stands over is cut off evenly.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shows the whole picture; its edges are repeated outwards.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shap&amp;e</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}:{1}  ({2} × {3})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} × {1}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StartPage</name>
    <message>
        <source>What would you like to begin with?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking whether models can be imported here…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Command that installs them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cop&amp;y</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the command</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Then start PIA Edge again. Bundles that you have can be added without this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Models that I have</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A &amp;reference bundle that I have</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reference bundle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A Stable Diffusion 1.5 model and PIA’s weights, with LoRAs and embeddings if you like.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export it once more: to another format, or with another precision.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Importing and exporting need libraries that are not installed: {names}. This installs them:</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TargetPage</name>
    <message>
        <source>What to make of it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Make it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Format</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Precision</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Makes: {names}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Replace what is there: {names}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Time</name>
    <message>
        <source>a few seconds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about {seconds} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about {minutes} min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about {hours} h</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about {hours} h {minutes} min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{minutes} min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{hours} h {minutes} min</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Timing</name>
    <message>
        <source>Number of frames</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frames per second</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frame that is the picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The clip shows the picture at this frame: usually the first one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play forth and bac&amp;k</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fra&amp;mes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>per seco&amp;nd</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>picture a&amp;t</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Length of the clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Transport</name>
    <message>
        <source>Frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous frame (,)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play (Space)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next frame (.)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play over and over</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Position</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Speed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How fast the clip is played here; the file stays as it is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}×</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause (Space)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frame {0} of {1} · {2} s</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
