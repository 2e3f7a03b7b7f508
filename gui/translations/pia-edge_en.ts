<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US" sourcelanguage="en_US">
<context>
    <name>BundleDetails</name>
    <message numerus="yes">
        <source>Verified: all %n files are as they should be.</source>
        <translation>
            <numerusform>Verified: its one file is as it should be.</numerusform>
            <numerusform>Verified: all %n files are as they should be.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>GalleryPage</name>
    <message numerus="yes">
        <source>%n clip(s)</source>
        <translation>
            <numerusform>1 clip</numerusform>
            <numerusform>%n clips</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>JobQueue</name>
    <message numerus="yes">
        <source>%n clip(s) wait, and the queue is paused.</source>
        <translation>
            <numerusform>One clip waits, and the queue is paused.</numerusform>
            <numerusform>%n clips wait, and the queue is paused.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n clip(s) were waiting when the window closed, and are made now.</source>
        <translation>
            <numerusform>One clip was waiting when the window closed, and is made now.</numerusform>
            <numerusform>%n clips were waiting when the window closed, and are made now.</numerusform>
        </translation>
    </message>
</context>
</TS>
