<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name></name>
    <message numerus="yes">
        <source>%n days</source>
        <translation>
            <numerusform>%n day</numerusform>
            <numerusform>%n days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n unread</source>
        <translation>
            <numerusform>%n unread</numerusform>
            <numerusform>%n unread</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>AgentChoice</name>
    <message numerus="yes">
        <source>{name}: %n messages wait</source>
        <translation>
            <numerusform>{name}: %n message waits</numerusform>
            <numerusform>{name}: %n messages wait</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ConversationList</name>
    <message numerus="yes">
        <source>%n workstations ask to join</source>
        <translation>
            <numerusform>%n workstation asks to join</numerusform>
            <numerusform>%n workstations ask to join</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DevicesSection</name>
    <message numerus="yes">
        <source>%n conversations with it</source>
        <translation>
            <numerusform>%n conversation with it</numerusform>
            <numerusform>%n conversations with it</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>UnlockScreen</name>
    <message numerus="yes">
        <source>%n messages wait, sealed, until you unlock.</source>
        <translation>
            <numerusform>%n message waits, sealed, until you unlock.</numerusform>
            <numerusform>%n messages wait, sealed, until you unlock.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n messages waited at {time}; by now it may be more.</source>
        <translation>
            <numerusform>%n message waited at {time}; by now it may be more.</numerusform>
            <numerusform>%n messages waited at {time}; by now it may be more.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>WaitingList</name>
    <message numerus="yes">
        <source>%n workstations ask to join</source>
        <translation>
            <numerusform>%n workstation asks to join</numerusform>
            <numerusform>%n workstations ask to join</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>words</name>
    <message numerus="yes">
        <source>The patient has opened it · %n tries left</source>
        <translation>
            <numerusform>The patient has opened it · %n try left</numerusform>
            <numerusform>The patient has opened it · %n tries left</numerusform>
        </translation>
    </message>
</context>
</TS>
