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
    <name>Dashboard</name>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n waiting</numerusform>
            <numerusform>%n waiting</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n claimed</source>
        <translation>
            <numerusform>%n claimed</numerusform>
            <numerusform>%n claimed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them unverified</source>
        <translation>
            <numerusform>%n of them unverified</numerusform>
            <numerusform>%n of them unverified</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n closed</source>
        <translation>
            <numerusform>%n closed</numerusform>
            <numerusform>%n closed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>half within {median}, nine of ten within {ninetieth} (%n conversations)</source>
        <translation>
            <numerusform>half within {median}, nine of ten within {ninetieth} (%n conversation)</numerusform>
            <numerusform>half within {median}, nine of ten within {ninetieth} (%n conversations)</numerusform>
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
    <message numerus="yes">
        <source>%n other devices bear this name: end the access of each.</source>
        <translation>
            <numerusform>%n other device bears this name: end its access too.</numerusform>
            <numerusform>%n other devices bear this name: end the access of each.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LogSection</name>
    <message numerus="yes">
        <source>%n entries, each signed and proven from the founding on. Nothing in it can be taken back.</source>
        <translation>
            <numerusform>%n entry, signed and proven from the founding on. Nothing in it can be taken back.</numerusform>
            <numerusform>%n entries, each signed and proven from the founding on. Nothing in it can be taken back.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MessageDetailsDialog</name>
    <message numerus="yes">
        <source>%n earlier steps are not shown.</source>
        <translation>
            <numerusform>%n earlier step is not shown.</numerusform>
            <numerusform>%n earlier steps are not shown.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PatientPane</name>
    <message numerus="yes">
        <source>Messages are deleted %n days after they arrive.</source>
        <translation>
            <numerusform>Messages are deleted %n day after they arrive.</numerusform>
            <numerusform>Messages are deleted %n days after they arrive.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ReviewView</name>
    <message numerus="yes">
        <source>The oldest %n entries are not shown: choose fewer days.</source>
        <translation>
            <numerusform>The oldest %n entry is not shown: choose fewer days.</numerusform>
            <numerusform>The oldest %n entries are not shown: choose fewer days.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TranscriptView</name>
    <message numerus="yes">
        <source>%n unread</source>
        <translation>
            <numerusform>%n unread</numerusform>
            <numerusform>%n unread</numerusform>
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
    <message numerus="yes">
        <source>Sheet {sheet}: %n of {all} words are here. Type all of them, in their order.</source>
        <translation>
            <numerusform>Sheet {sheet}: %n of {all} words is here. Type all of them, in their order.</numerusform>
            <numerusform>Sheet {sheet}: %n of {all} words are here. Type all of them, in their order.</numerusform>
        </translation>
    </message>
</context>
</TS>
