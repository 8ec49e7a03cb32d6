<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es" sourcelanguage="en">
<context>
    <name></name>
    <message>
        <source>Today</source>
        <translation>Hoy</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>Ayer</translation>
    </message>
    <message>
        <source>Waiting to be sent</source>
        <translation>Pendiente de envío</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Enviado</translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation>Entregado</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>Leído</translation>
    </message>
    <message>
        <source>Not sent</source>
        <translation>No enviado</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>Recibido</translation>
    </message>
    <message>
        <source>Not checked</source>
        <translation>Sin comprobar</translation>
    </message>
    <message>
        <source>Link only</source>
        <translation>Solo el enlace</translation>
    </message>
    <message>
        <source>Link and code</source>
        <translation>Enlace y código</translation>
    </message>
    <message>
        <source>Checked</source>
        <translation>Comprobado</translation>
    </message>
    <message>
        <source>agent</source>
        <translation>agente</translation>
    </message>
    <message>
        <source>supervisor</source>
        <translation>supervisor</translation>
    </message>
    <message>
        <source>administrator</source>
        <translation>administrador</translation>
    </message>
    <message>
        <source>auditor</source>
        <translation>auditor</translation>
    </message>
    <message>
        <source>With you</source>
        <translation>Con usted</translation>
    </message>
    <message>
        <source>With {name}</source>
        <translation>Con {name}</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>En espera</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>Cerrada</translation>
    </message>
    <message>
        <source>Ended by the patient</source>
        <translation>Terminada por el paciente</translation>
    </message>
    <message>
        <source>{count} min</source>
        <translation>{count} min</translation>
    </message>
    <message>
        <source>{count} h</source>
        <translation>{count} h</translation>
    </message>
    <message numerus="yes">
        <source>%n days</source>
        <translation>
            <numerusform>%n día</numerusform>
            <numerusform>%n días</numerusform>
        </translation>
    </message>
    <message>
        <source>waits {time}</source>
        <translation>espera desde hace {time}</translation>
    </message>
    <message>
        <source>You are mentioned</source>
        <translation>Le mencionan</translation>
    </message>
    <message>
        <source>Needs attention</source>
        <translation>Requiere atención</translation>
    </message>
    <message>
        <source>{names} is replying…</source>
        <translation>{names} está respondiendo…</translation>
    </message>
    <message>
        <source>The patient is typing…</source>
        <translation>El paciente está escribiendo…</translation>
    </message>
    <message numerus="yes">
        <source>%n unread</source>
        <translation>
            <numerusform>%n sin leer</numerusform>
            <numerusform>%n sin leer</numerusform>
        </translation>
    </message>
    <message>
        <source>You</source>
        <translation>Usted</translation>
    </message>
    <message>
        <source>internal note</source>
        <translation>nota interna</translation>
    </message>
    <message>
        <source>Patient</source>
        <translation>Paciente</translation>
    </message>
    <message>
        <source>{name}, internal note</source>
        <translation>{name}, nota interna</translation>
    </message>
    <message>
        <source>This message was deleted.</source>
        <translation>Este mensaje se borró.</translation>
    </message>
</context>
<context>
    <name>ActDialog</name>
    <message>
        <source>Administrator’s passphrase</source>
        <translation>Frase de acceso del administrador</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Type the administrator’s passphrase.</source>
        <translation>Escriba la frase de acceso del administrador.</translation>
    </message>
</context>
<context>
    <name>ActivityLine</name>
    <message>
        <source>{names} is replying. Send again to send all the same.</source>
        <translation>{names} está respondiendo. Envíe otra vez para enviar de todos modos.</translation>
    </message>
    <message>
        <source>The patient is typing…</source>
        <translation>El paciente está escribiendo…</translation>
    </message>
    <message>
        <source>{names} is replying</source>
        <translation>{names} está respondiendo</translation>
    </message>
    <message>
        <source>{names} is viewing</source>
        <translation>{names} la está viendo</translation>
    </message>
</context>
<context>
    <name>AdministrationRoom</name>
    <message>
        <source>Administration</source>
        <translation>Administración</translation>
    </message>
    <message>
        <source>Lock the key</source>
        <translation>Bloquear la clave</translation>
    </message>
    <message>
        <source>The administrator’s key is not on this workstation: changes are made where it is.</source>
        <translation>La clave del administrador no está en este equipo: los cambios se hacen donde está.</translation>
    </message>
    <message>
        <source>The administrator’s key is open until you leave this room.</source>
        <translation>La clave del administrador queda abierta hasta que salga de aquí.</translation>
    </message>
    <message>
        <source>The administrator’s key is locked. Each change asks for its passphrase.</source>
        <translation>La clave del administrador está bloqueada. Cada cambio pide su frase de acceso.</translation>
    </message>
    <message>
        <source>{name} is admitted as {role}.</source>
        <translation>Se ha admitido a {name} como {role}.</translation>
    </message>
    <message>
        <source>From now on two people must vouch for who is a member: desks send nothing until that desk has been opened once. Have it unlocked now.</source>
        <translation>A partir de ahora dos personas deben dar fe de quién es miembro: los puestos no envían nada hasta que ese puesto se haya abierto una vez. Haga que lo desbloqueen ahora.</translation>
    </message>
    <message>
        <source>Back to the conversations</source>
        <translation>Volver a las conversaciones</translation>
    </message>
</context>
<context>
    <name>Admissions</name>
    <message>
        <source>A new device</source>
        <translation>Un dispositivo nuevo</translation>
    </message>
    <message>
        <source>{name} was added to the clinic as {role}.</source>
        <translation>{name} se ha incorporado a la clínica como {role}.</translation>
    </message>
    <message>
        <source>This device will receive messages from now on.</source>
        <translation>Este dispositivo recibirá mensajes a partir de ahora.</translation>
    </message>
    <message>
        <source>If you did not expect this, call your administrator.</source>
        <translation>Si no lo esperaba, llame a su administrador.</translation>
    </message>
</context>
<context>
    <name>AgentChoice</name>
    <message>
        <source>Others at this workstation</source>
        <translation>Otros agentes en este equipo</translation>
    </message>
    <message>
        <source>Add an agent…</source>
        <translation>Añadir un agente…</translation>
    </message>
    <message numerus="yes">
        <source>{name}: %n messages wait</source>
        <translation>
            <numerusform>{name}: espera %n mensaje</numerusform>
            <numerusform>{name}: esperan %n mensajes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ApprovalScreen</name>
    <message>
        <source>Copy request</source>
        <translation>Copiar la solicitud</translation>
    </message>
    <message>
        <source>Call your administrator, and read out these six words: their desk finds this workstation by them. Tell the words to nobody else.</source>
        <translation>Llame a su administrador y léale estas seis palabras: con ellas su puesto encuentra este equipo. No diga las palabras a nadie más.</translation>
    </message>
    <message>
        <source>Words to read out</source>
        <translation>Palabras para leer en voz alta</translation>
    </message>
    <message>
        <source>Request, for an administrator who does not see it</source>
        <translation>Solicitud, para un administrador que no la vea</translation>
    </message>
    <message>
        <source>Waiting for approval</source>
        <translation>A la espera de aprobación</translation>
    </message>
    <message>
        <source>QR code of the request</source>
        <translation>Código QR de la solicitud</translation>
    </message>
</context>
<context>
    <name>ApproveDialog</name>
    <message>
        <source>Look it up</source>
        <translation>Buscar</translation>
    </message>
    <message>
        <source>It is not listed: paste its request…</source>
        <translation>No está en la lista: pegar su solicitud…</translation>
    </message>
    <message>
        <source>Request</source>
        <translation>Solicitud</translation>
    </message>
    <message>
        <source>Words on its screen</source>
        <translation>Palabras de su pantalla</translation>
    </message>
    <message>
        <source>These are the words of the workstation of {name}.</source>
        <translation>Estas son las palabras del equipo de {name}.</translation>
    </message>
    <message>
        <source>Type the six words from its screen first.</source>
        <translation>Escriba primero las seis palabras de su pantalla.</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>Función</translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <source>Dismiss</source>
        <translation>Descartar</translation>
    </message>
</context>
<context>
    <name>BirthDateField</name>
    <message>
        <source>For example {numbers} or {words}</source>
        <translation>Por ejemplo {numbers} o {words}</translation>
    </message>
    <message>
        <source>Write the birth date with day, month and the year in four digits: {words}.</source>
        <translation>Escriba la fecha de nacimiento con día, mes y el año en cuatro cifras: {words}.</translation>
    </message>
    <message>
        <source>It could be {one} or {other}. Press again for {one}, or write the month as a word.</source>
        <translation>Puede ser {one} o {other}. Pulse otra vez si es {one}, o escriba el mes con letras.</translation>
    </message>
</context>
<context>
    <name>BlockDialog</name>
    <message>
        <source>Block this device of {name}?</source>
        <translation>¿Bloquear este dispositivo de {name}?</translation>
    </message>
    <message>
        <source>The whole team sees that it is blocked, and nothing more is sent to it. Invite the patient again.</source>
        <translation>Todo el equipo ve que está bloqueado, y ya no se le envía nada. Invite de nuevo al paciente.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Block device</source>
        <translation>Bloquear el dispositivo</translation>
    </message>
</context>
<context>
    <name>BreachScopeDialog</name>
    <message>
        <source>It names no patient. That it was made stands in this desk’s audit log.</source>
        <translation>No nombra a ningún paciente. Que se hizo consta en el registro de auditoría de este puesto.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>Print…</source>
        <translation>Imprimir…</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>Guardar como…</translation>
    </message>
    <message>
        <source>The file cannot be written there.</source>
        <translation>El archivo no se puede escribir ahí.</translation>
    </message>
    <message>
        <source>Choose another place, or make room there.</source>
        <translation>Elija otro lugar, o libere espacio allí.</translation>
    </message>
    <message>
        <source>Written to {path}</source>
        <translation>Guardado en {path}</translation>
    </message>
    <message>
        <source>Save the breach-scope report</source>
        <translation>Guardar el informe de alcance</translation>
    </message>
    <message>
        <source>PDF (*.pdf)</source>
        <translation>PDF (*.pdf)</translation>
    </message>
    <message>
        <source>Text (*.txt)</source>
        <translation>Texto (*.txt)</translation>
    </message>
    <message>
        <source>breach-scope-{number}</source>
        <translation>alcance-{number}</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Informe</translation>
    </message>
</context>
<context>
    <name>CheckBar</name>
    <message>
        <source>Matches</source>
        <translation>Coincide</translation>
    </message>
    <message>
        <source>Does not match</source>
        <translation>No coincide</translation>
    </message>
    <message>
        <source>Safety number…</source>
        <translation>Número de seguridad…</translation>
    </message>
    <message>
        <source>Came by link and code</source>
        <translation>Llegó con enlace y código</translation>
    </message>
    <message>
        <source>Came by link, code not given</source>
        <translation>Llegó con enlace, sin dar el código</translation>
    </message>
    <message>
        <source>Not checked: this could be anybody</source>
        <translation>Sin comprobar: podría ser cualquiera</translation>
    </message>
    <message>
        <source>Make sure: compare these with your records, or the safety number by phone.</source>
        <translation>Asegúrese: compare estos datos con su ficha, o el número de seguridad por teléfono.</translation>
    </message>
    <message>
        <source>Name and files stay hidden until you have compared these with your records.</source>
        <translation>El nombre y los archivos siguen ocultos hasta que compare estos datos con su ficha.</translation>
    </message>
    <message>
        <source>Name and files stay hidden. Ask for birth date and phone, and compare them with your records.</source>
        <translation>El nombre y los archivos siguen ocultos. Pida la fecha de nacimiento y el teléfono, y compárelos con su ficha.</translation>
    </message>
    <message>
        <source>Born</source>
        <translation>Nacimiento</translation>
    </message>
    <message>
        <source>Phone</source>
        <translation>Teléfono</translation>
    </message>
</context>
<context>
    <name>ClinicScreen</name>
    <message>
        <source>Time zone</source>
        <translation>Zona horaria</translation>
    </message>
    <message>
        <source>Not told to patients</source>
        <translation>No se dice a los pacientes</translation>
    </message>
    <message>
        <source>I have written it down and locked it away</source>
        <translation>La he anotado y guardado bajo llave</translation>
    </message>
    <message>
        <source>Found the clinic</source>
        <translation>Crear la clínica</translation>
    </message>
    <message>
        <source>The administrator’s key is made on this computer, and sealed by the passphrase below.</source>
        <translation>La clave del administrador se crea en este equipo y queda sellada con la frase de acceso de abajo.</translation>
    </message>
    <message>
        <source>New clinic</source>
        <translation>Clínica nueva</translation>
    </message>
    <message>
        <source>Clinic’s name, as patients know it</source>
        <translation>Nombre de la clínica, tal como lo conocen los pacientes</translation>
    </message>
    <message>
        <source>Open Monday to Friday (other days later, under Administration)</source>
        <translation>Abierto de lunes a viernes (otros días después, en Administración)</translation>
    </message>
    <message>
        <source>Relay’s address</source>
        <translation>Dirección del servidor de relevo</translation>
    </message>
    <message>
        <source>Administrator’s passphrase</source>
        <translation>Frase de acceso del administrador</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Atrás</translation>
    </message>
    <message>
        <source>The relay answers.</source>
        <translation>El servidor de relevo responde.</translation>
    </message>
    <message>
        <source>Asking the relay…</source>
        <translation>Preguntando al servidor de relevo…</translation>
    </message>
    <message>
        <source>Something is missing.</source>
        <translation>Falta algo.</translation>
    </message>
    <message>
        <source>Fill in name and relay.</source>
        <translation>Escriba el nombre y el servidor de relevo.</translation>
    </message>
    <message>
        <source>Nobody can tell the passphrase to you again.</source>
        <translation>Nadie podrá volver a decirle la frase de acceso.</translation>
    </message>
    <message>
        <source>Write the passphrase down first.</source>
        <translation>Anote primero la frase de acceso.</translation>
    </message>
</context>
<context>
    <name>CloseDialog</name>
    <message>
        <source>Close this conversation?</source>
        <translation>¿Cerrar esta conversación?</translation>
    </message>
    <message>
        <source>For example: appointment made</source>
        <translation>Por ejemplo: cita concertada</translation>
    </message>
    <message>
        <source>Answered</source>
        <translation>Respondida</translation>
    </message>
    <message>
        <source>Appointment made</source>
        <translation>Cita concertada</translation>
    </message>
    <message>
        <source>Prescription renewed</source>
        <translation>Receta renovada</translation>
    </message>
    <message>
        <source>Referred to a doctor</source>
        <translation>Derivada a un médico</translation>
    </message>
    <message>
        <source>No answer needed</source>
        <translation>No hacía falta respuesta</translation>
    </message>
    <message>
        <source>Close conversation</source>
        <translation>Cerrar la conversación</translation>
    </message>
    <message>
        <source>It opens again when the patient writes, or when somebody of the team reopens it.</source>
        <translation>Se abre otra vez cuando el paciente escribe, o cuando alguien del equipo la reabre.</translation>
    </message>
    <message>
        <source>Outcome (optional)</source>
        <translation>Resultado (opcional)</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>This outcome is too long. Shorten it.</source>
        <translation>Este resultado es demasiado largo. Acórtelo.</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>Reply</source>
        <translation>Respuesta</translation>
    </message>
    <message>
        <source>Internal note</source>
        <translation>Nota interna</translation>
    </message>
    <message>
        <source>Attach a file</source>
        <translation>Adjuntar un archivo</translation>
    </message>
    <message>
        <source>Canned replies (/)</source>
        <translation>Respuestas preparadas (/)</translation>
    </message>
    <message>
        <source>Emoji (Ctrl+E, or : and its name)</source>
        <translation>Emojis (Ctrl+E, o : y el nombre)</translation>
    </message>
    <message>
        <source>Send (Enter)</source>
        <translation>Enviar (Intro)</translation>
    </message>
    <message>
        <source>Reopen</source>
        <translation>Reabrir</translation>
    </message>
    <message>
        <source>Write a note for the team</source>
        <translation>Escriba una nota para el equipo</translation>
    </message>
    <message>
        <source>Write to the patient</source>
        <translation>Escriba al paciente</translation>
    </message>
    <message>
        <source>{asked} · @ names a colleague</source>
        <translation>{asked} · @ nombra a un colega</translation>
    </message>
    <message>
        <source>Only the team sees this. It is never sent to the patient.</source>
        <translation>Solo la ve el equipo. Nunca se envía al paciente.</translation>
    </message>
    <message>
        <source>Enter sends · Shift+Enter starts a new line</source>
        <translation>Intro envía · Mayús+Intro empieza una línea nueva</translation>
    </message>
    <message>
        <source>{placeholder} is not filled in. Send again to send it so.</source>
        <translation>{placeholder} no está rellenado. Envíe otra vez para enviarlo así.</translation>
    </message>
    <message>
        <source>This was written for the team. Send again to send it to the patient.</source>
        <translation>Esto se escribió para el equipo. Envíe otra vez para enviarlo al paciente.</translation>
    </message>
    <message>
        <source>{percent} % of what fits in one message</source>
        <translation>{percent} % de lo que cabe en un mensaje</translation>
    </message>
    <message>
        <source>Too long: shorten it, or send it in parts</source>
        <translation>Demasiado largo: acórtelo o envíelo por partes</translation>
    </message>
    <message>
        <source>Files go to the patient. Choose Reply to attach one.</source>
        <translation>Los archivos van al paciente. Elija Respuesta para adjuntar uno.</translation>
    </message>
    <message>
        <source>Check the patient first: files are off until then.</source>
        <translation>Compruebe primero al paciente: hasta entonces no se envían archivos.</translation>
    </message>
</context>
<context>
    <name>ConversationHeader</name>
    <message>
        <source>Claim</source>
        <translation>Tomar</translation>
    </message>
    <message>
        <source>Take over…</source>
        <translation>Tomar el relevo…</translation>
    </message>
    <message>
        <source>Release</source>
        <translation>Devolver</translation>
    </message>
    <message>
        <source>Close…</source>
        <translation>Cerrar…</translation>
    </message>
    <message>
        <source>Reopen</source>
        <translation>Reabrir</translation>
    </message>
    <message>
        <source>More about this conversation</source>
        <translation>Más sobre esta conversación</translation>
    </message>
    <message>
        <source>Hand over…</source>
        <translation>Traspasar…</translation>
    </message>
    <message>
        <source>Send earlier messages to this phone…</source>
        <translation>Enviar los mensajes anteriores a este teléfono…</translation>
    </message>
    <message>
        <source>Compare safety number…</source>
        <translation>Comparar el número de seguridad…</translation>
    </message>
    <message>
        <source>Block this patient’s device…</source>
        <translation>Bloquear el dispositivo de este paciente…</translation>
    </message>
    <message>
        <source>About the patient (Ctrl+I)</source>
        <translation>Sobre el paciente (Ctrl+I)</translation>
    </message>
</context>
<context>
    <name>ConversationList</name>
    <message>
        <source>Conversations</source>
        <translation>Conversaciones</translation>
    </message>
    <message>
        <source>Invite a patient (Ctrl+N)</source>
        <translation>Invitar a un paciente (Ctrl+N)</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Más</translation>
    </message>
    <message>
        <source>Export evidence…</source>
        <translation>Exportar pruebas…</translation>
    </message>
    <message>
        <source>Administration…</source>
        <translation>Administración…</translation>
    </message>
    <message numerus="yes">
        <source>%n workstations ask to join</source>
        <translation>
            <numerusform>%n equipo pide entrar</numerusform>
            <numerusform>%n equipos piden entrar</numerusform>
        </translation>
    </message>
    <message>
        <source>This workstation…</source>
        <translation>Este equipo…</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Esperan</translation>
    </message>
    <message>
        <source>Mine</source>
        <translation>Mías</translation>
    </message>
    <message>
        <source>Team</source>
        <translation>Equipo</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>Cerradas</translation>
    </message>
    <message>
        <source>{tab}: {count}</source>
        <translation>{tab}: {count}</translation>
    </message>
</context>
<context>
    <name>ConversationPane</name>
    <message>
        <source>This conversation is closed.</source>
        <translation>Esta conversación está cerrada.</translation>
    </message>
    <message>
        <source>The patient ended this conversation and erased their copy.</source>
        <translation>El paciente terminó esta conversación y borró su copia.</translation>
    </message>
</context>
<context>
    <name>Dashboard</name>
    <message>
        <source>Figures</source>
        <translation>Cifras</translation>
    </message>
    <message>
        <source>Written to {path}</source>
        <translation>Guardado en {path}</translation>
    </message>
    <message>
        <source>No conversation began in these days. Choose a longer period.</source>
        <translation>En estos días no empezó ninguna conversación. Elija un periodo más largo.</translation>
    </message>
    <message>
        <source>Waiting time until somebody took it: {spans}</source>
        <translation>Tiempo de espera hasta que alguien la tomó: {spans}</translation>
    </message>
    <message>
        <source>First reply: {spans}</source>
        <translation>Primera respuesta: {spans}</translation>
    </message>
    <message>
        <source>From what this workstation holds, at {time}.</source>
        <translation>Según lo que hay en este equipo (hora: {time}).</translation>
    </message>
    <message>
        <source>none yet</source>
        <translation>todavía ninguno</translation>
    </message>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n en espera</numerusform>
            <numerusform>%n en espera</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n claimed</source>
        <translation>
            <numerusform>%n tomada</numerusform>
            <numerusform>%n tomadas</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them unverified</source>
        <translation>
            <numerusform>%n de ellas sin verificar</numerusform>
            <numerusform>%n de ellas sin verificar</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n closed</source>
        <translation>
            <numerusform>%n cerrada</numerusform>
            <numerusform>%n cerradas</numerusform>
        </translation>
    </message>
    <message>
        <source>Now: {standing}</source>
        <translation>Ahora: {standing}</translation>
    </message>
    <message>
        <source>{span} (1 conversation)</source>
        <translation>{span} (1 conversación)</translation>
    </message>
    <message numerus="yes">
        <source>half within {median}, nine of ten within {ninetieth} (%n conversations)</source>
        <translation>
            <numerusform>la mitad en {median}, nueve de cada diez en {ninetieth} (%n conversación)</numerusform>
            <numerusform>la mitad en {median}, nueve de cada diez en {ninetieth} (%n conversaciones)</numerusform>
        </translation>
    </message>
    <message>
        <source>Export the figures</source>
        <translation>Exportar las cifras</translation>
    </message>
    <message>
        <source>figures-{first}-{last}</source>
        <translation>cifras-{first}-{last}</translation>
    </message>
    <message>
        <source>Back to the conversations</source>
        <translation>Volver a las conversaciones</translation>
    </message>
    <message>
        <source>Refresh</source>
        <translation>Actualizar</translation>
    </message>
    <message>
        <source>Export as CSV…</source>
        <translation>Exportar como CSV…</translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation>Conversaciones</translation>
    </message>
    <message>
        <source>Half within</source>
        <translation>La mitad en</translation>
    </message>
    <message>
        <source>Nine of ten within</source>
        <translation>9 de cada 10 en</translation>
    </message>
    <message>
        <source>Bar: half within. Line: nine of ten within.</source>
        <translation>Barra: la mitad. Línea: nueve de cada diez.</translation>
    </message>
    <message>
        <source>Waiting time by hour of day</source>
        <translation>Tiempo de espera por hora del día</translation>
    </message>
    <message>
        <source>Hour</source>
        <translation>Hora</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Nuevas</translation>
    </message>
    <message>
        <source>Claimed</source>
        <translation>Tomadas</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>Cerradas</translation>
    </message>
    <message>
        <source>Unverified</source>
        <translation>Sin verificar</translation>
    </message>
    <message>
        <source>Bar: new conversations, the unverified ones hatched. Line: closed.</source>
        <translation>Barra: conversaciones nuevas, las no verificadas rayadas. Línea: cerradas.</translation>
    </message>
    <message>
        <source>Conversations by day</source>
        <translation>Conversaciones por día</translation>
    </message>
    <message>
        <source>Day</source>
        <translation>Día</translation>
    </message>
    <message>
        <source>First reply by agent</source>
        <translation>Primera respuesta por agente</translation>
    </message>
    <message>
        <source>Agent</source>
        <translation>Agente</translation>
    </message>
    <message>
        <source>Figures of single agents are shown to supervisors and administrators.</source>
        <translation>Las cifras de cada agente se muestran a supervisores y administradores.</translation>
    </message>
</context>
<context>
    <name>DeleteDialog</name>
    <message>
        <source>Delete this message?</source>
        <translation>¿Borrar este mensaje?</translation>
    </message>
    <message>
        <source>Its words and files are destroyed here, and on every other device as soon as it is online. What somebody has read, saved or copied stays with them. That it was deleted stays visible.</source>
        <translation>Su texto y sus archivos se destruyen aquí, y en los demás dispositivos en cuanto se conecten. Lo que alguien ya haya leído, guardado o copiado sigue en su poder. Queda a la vista que se borró.</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>Conservarlo</translation>
    </message>
    <message>
        <source>Delete message</source>
        <translation>Borrar el mensaje</translation>
    </message>
</context>
<context>
    <name>DeskView</name>
    <message>
        <source>Audit</source>
        <translation>Auditoría</translation>
    </message>
    <message>
        <source>Audit logs and weekly review (Ctrl+Shift+U)</source>
        <translation>Registros de auditoría y revisión semanal (Ctrl+Mayús+U)</translation>
    </message>
    <message>
        <source>Figures</source>
        <translation>Cifras</translation>
    </message>
    <message>
        <source>Waiting times and counts (Ctrl+Shift+D)</source>
        <translation>Esperas y recuentos (Ctrl+Mayús+D)</translation>
    </message>
    <message>
        <source>No more than {most} files go at once. Attach the others after these.</source>
        <translation>No se envían más de {most} archivos a la vez. Adjunte los demás después de estos.</translation>
    </message>
    <message>
        <source>Picture.png</source>
        <translation>Imagen.png</translation>
    </message>
    <message>
        <source>The picture is larger than {limit}. Copy a part of it.</source>
        <translation>La imagen ocupa más de {limit}. Copie solo una parte.</translation>
    </message>
    <message>
        <source>The file was not attached.</source>
        <translation>El archivo no se adjuntó.</translation>
    </message>
    <message>
        <source>What you wrote to {name} was not sent.</source>
        <translation>Lo que escribió a {name} no se envió.</translation>
    </message>
    <message>
        <source>It is kept there as a draft.</source>
        <translation>Se guarda allí como borrador.</translation>
    </message>
    <message>
        <source>Open the conversation to see to it.</source>
        <translation>Abra la conversación para ocuparse de ello.</translation>
    </message>
    <message>
        <source>Choose a conversation</source>
        <translation>Elija una conversación</translation>
    </message>
    <message>
        <source>or invite a patient with Ctrl+N</source>
        <translation>o invite a un paciente con Ctrl+N</translation>
    </message>
    <message>
        <source>Attach a file</source>
        <translation>Adjuntar un archivo</translation>
    </message>
</context>
<context>
    <name>DevicesSection</name>
    <message>
        <source>Devices</source>
        <translation>Dispositivos</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nombre</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>Número</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>Función</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>Desde</translation>
    </message>
    <message>
        <source>How it stands</source>
        <translation>Cómo está</translation>
    </message>
    <message>
        <source>Devices of the clinic</source>
        <translation>Dispositivos de la clínica</translation>
    </message>
    <message>
        <source>Approve a workstation…</source>
        <translation>Aprobar un equipo…</translation>
    </message>
    <message>
        <source>Stolen, revoke now</source>
        <translation>Robado, revocar ahora</translation>
    </message>
    <message>
        <source>End access…</source>
        <translation>Terminar el acceso…</translation>
    </message>
    <message>
        <source>Return its conversations</source>
        <translation>Devolver sus conversaciones</translation>
    </message>
    <message>
        <source>Breach-scope report…</source>
        <translation>Informe de alcance…</translation>
    </message>
    <message>
        <source>this workstation</source>
        <translation>este equipo</translation>
    </message>
    <message>
        <source>stolen</source>
        <translation>robado</translation>
    </message>
    <message>
        <source>left</source>
        <translation>se fue</translation>
    </message>
    <message>
        <source>replaced</source>
        <translation>sustituido</translation>
    </message>
    <message>
        <source>revoked {time}: {why}</source>
        <translation>revocado el {time}: {why}</translation>
    </message>
    <message>
        <source>locked {time}</source>
        <translation>bloqueado el {time}</translation>
    </message>
    <message>
        <source>last heard {time}</source>
        <translation>última señal el {time}</translation>
    </message>
    <message>
        <source>not heard yet</source>
        <translation>sin señal todavía</translation>
    </message>
    <message numerus="yes">
        <source>%n conversations with it</source>
        <translation>
            <numerusform>con %n conversación</numerusform>
            <numerusform>con %n conversaciones</numerusform>
        </translation>
    </message>
    <message>
        <source>Choose a device first.</source>
        <translation>Elija primero un dispositivo.</translation>
    </message>
    <message>
        <source>The administrator’s key is not on this workstation.</source>
        <translation>La clave del administrador no está en este equipo.</translation>
    </message>
    <message>
        <source>This device is revoked already.</source>
        <translation>Este dispositivo ya está revocado.</translation>
    </message>
    <message>
        <source>The relay refuses this device at once, and each desk encrypts nothing to it as soon as it has heard. When it hears of it, it erases what it keeps. It cannot be undone. Its conversations return to the queue. Afterwards, make the breach-scope report.</source>
        <translation>El servidor de relevo rechaza este dispositivo enseguida, y ningún puesto cifra nada para él en cuanto se entera. El dispositivo mismo, cuando se entera, borra lo que guarda. No se puede deshacer. Sus conversaciones vuelven a la cola. Después, haga el informe de alcance.</translation>
    </message>
    <message>
        <source>The device can read and send nothing from now on, and erases what it keeps when it is next unlocked. It cannot be undone. Its conversations return to the queue; the name stays on what was written.</source>
        <translation>A partir de ahora el dispositivo no puede leer ni enviar nada, y borra lo que guarda cuando se desbloquee la próxima vez. No se puede deshacer. Sus conversaciones vuelven a la cola; el nombre sigue en lo que se escribió.</translation>
    </message>
    <message>
        <source>Revoke {name} now?</source>
        <translation>¿Revocar ahora a {name}?</translation>
    </message>
    <message>
        <source>Revoke now</source>
        <translation>Revocar ahora</translation>
    </message>
    <message numerus="yes">
        <source>%n other devices bear this name: end the access of each.</source>
        <translation>
            <numerusform>%n dispositivo más lleva este nombre: ponga fin también a su acceso.</numerusform>
            <numerusform>%n dispositivos más llevan este nombre: ponga fin al acceso de cada uno.</numerusform>
        </translation>
    </message>
    <message>
        <source>End the access of {name}?</source>
        <translation>¿Terminar el acceso de {name}?</translation>
    </message>
    <message>
        <source>End access</source>
        <translation>Terminar el acceso</translation>
    </message>
    <message>
        <source>This is the workstation that you sit at.</source>
        <translation>Este es el equipo en el que está usted.</translation>
    </message>
</context>
<context>
    <name>EarlierDialog</name>
    <message>
        <source>Send {name}’s earlier messages to this phone</source>
        <translation>Enviar a este teléfono los mensajes anteriores de {name}</translation>
    </message>
    <message>
        <source>This phone is sent what the patient and the clinic wrote in the conversation that you choose. The team’s notes stay here. The earlier phone will be told, also where it is blocked or in other hands. The audit log keeps that you sent them.</source>
        <translation>A este teléfono se envía lo que el paciente y la clínica escribieron en la conversación que usted elija. Las notas del equipo se quedan aquí. Se avisará al teléfono anterior, aunque esté bloqueado o en otras manos. El registro de auditoría guarda que usted los envió.</translation>
    </message>
    <message>
        <source>Nothing can be sent: no other conversation that is whole on this workstation has the same name and date of birth.</source>
        <translation>No hay nada que enviar: en este equipo no hay otra conversación completa con el mismo nombre y fecha de nacimiento.</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Enviar</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Earlier conversations</source>
        <translation>Conversaciones anteriores</translation>
    </message>
    <message>
        <source>Last message</source>
        <translation>Último mensaje</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Estado</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>Vista previa</translation>
    </message>
    <message>
        <source>Blocked</source>
        <translation>Bloqueado</translation>
    </message>
</context>
<context>
    <name>EmojiPicker</name>
    <message>
        <source>Emoji</source>
        <translation>Emojis</translation>
    </message>
</context>
<context>
    <name>EmptyList</name>
    <message>
        <source>Next step</source>
        <translation>Paso siguiente</translation>
    </message>
    <message>
        <source>Nothing here is like that.</source>
        <translation>Aquí no hay nada así.</translation>
    </message>
    <message>
        <source>Some conversations are hidden by what you chose above.</source>
        <translation>Lo que eligió arriba oculta algunas conversaciones.</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>Mostrar todas</translation>
    </message>
    <message>
        <source>Invite a patient</source>
        <translation>Invitar a un paciente</translation>
    </message>
    <message>
        <source>Nobody is waiting.</source>
        <translation>No espera nadie.</translation>
    </message>
    <message>
        <source>Whoever writes next appears here at once.</source>
        <translation>Quien escriba aparecerá aquí enseguida.</translation>
    </message>
    <message>
        <source>Take one from those who wait: open it and press Claim.</source>
        <translation>Tome una de las que esperan: ábrala y pulse Tomar.</translation>
    </message>
    <message>
        <source>Nothing is with you.</source>
        <translation>Usted no tiene ninguna conversación.</translation>
    </message>
    <message>
        <source>Show who waits</source>
        <translation>Mostrar quién espera</translation>
    </message>
    <message>
        <source>And nobody is waiting.</source>
        <translation>Y no espera nadie.</translation>
    </message>
    <message>
        <source>A conversation comes here when somebody closes it, or the patient ends it.</source>
        <translation>Una conversación llega aquí cuando alguien la cierra o el paciente la termina.</translation>
    </message>
    <message>
        <source>Nothing has been closed yet.</source>
        <translation>Todavía no se ha cerrado nada.</translation>
    </message>
    <message>
        <source>No conversation is open.</source>
        <translation>No hay ninguna conversación abierta.</translation>
    </message>
    <message>
        <source>A patient begins one with an invitation.</source>
        <translation>Un paciente empieza una con una invitación.</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export evidence</source>
        <translation>Exportar pruebas</translation>
    </message>
    <message>
        <source>A bundle holds messages, receipts and the audit log of this device. Whoever gets the file can read the messages in it. The export itself is written to the audit log.</source>
        <translation>El paquete contiene mensajes, acuses y el registro de auditoría de este dispositivo. Quien reciba el archivo puede leer los mensajes. La exportación misma queda anotada en el registro de auditoría.</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportar</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Archivo</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>Examinar…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>Written to {path}</source>
        <translation>Guardado en {path}</translation>
    </message>
    <message>
        <source>Say where the file is to be written.</source>
        <translation>Diga dónde se ha de escribir el archivo.</translation>
    </message>
</context>
<context>
    <name>FinishScreen</name>
    <message>
        <source>The founding of this clinic is not finished. Type the administrator’s passphrase to go on.</source>
        <translation>La creación de esta clínica no ha terminado. Escriba la frase de acceso del administrador para continuar.</translation>
    </message>
    <message>
        <source>Finish the founding</source>
        <translation>Terminar la creación</translation>
    </message>
    <message>
        <source>Administrator’s passphrase</source>
        <translation>Frase de acceso del administrador</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Continuar</translation>
    </message>
    <message>
        <source>Type the administrator’s passphrase.</source>
        <translation>Escriba la frase de acceso del administrador.</translation>
    </message>
</context>
<context>
    <name>HandOverDialog</name>
    <message>
        <source>Hand over {name}</source>
        <translation>Traspasar la conversación de {name}</translation>
    </message>
    <message>
        <source>Nobody else can receive conversations yet.</source>
        <translation>Todavía nadie más puede recibir conversaciones.</translation>
    </message>
    <message>
        <source>Hand over</source>
        <translation>Traspasar</translation>
    </message>
    <message>
        <source>The patient reads who answers from now on. The note stays with the team.</source>
        <translation>El paciente verá quién le responde a partir de ahora. La nota se queda en el equipo.</translation>
    </message>
    <message>
        <source>To</source>
        <translation>A quién</translation>
    </message>
    <message>
        <source>Note (optional)</source>
        <translation>Nota (opcional)</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Team: {names}</source>
        <translation>Equipo: {names}</translation>
    </message>
    <message>
        <source>This note is too long. Shorten it.</source>
        <translation>Esta nota es demasiado larga. Acórtela.</translation>
    </message>
</context>
<context>
    <name>HoursSection</name>
    <message>
        <source>Opening hours</source>
        <translation>Horario de apertura</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>cerrado</translation>
    </message>
    <message>
        <source>Time zone</source>
        <translation>Zona horaria</translation>
    </message>
    <message>
        <source>Tell these hours…</source>
        <translation>Comunicar este horario…</translation>
    </message>
    <message>
        <source>“{day}” is no day. Write each as 2026-12-25.</source>
        <translation>«{day}» no es un día. Escriba cada uno así: 2026-12-25.</translation>
    </message>
    <message>
        <source>While the clinic is closed, patients read in the chat when it opens. The page’s first screen says what was signed with the page.</source>
        <translation>Mientras la clínica está cerrada, los pacientes leen en el chat cuándo abre. La primera pantalla de la página dice lo que se firmó con ella.</translation>
    </message>
    <message>
        <source>Tell these hours?</source>
        <translation>¿Comunicar este horario?</translation>
    </message>
    <message>
        <source>Tell these hours</source>
        <translation>Comunicar este horario</translation>
    </message>
    <message>
        <source>Closed days</source>
        <translation>Días cerrados</translation>
    </message>
    <message>
        <source>Write each day as 8:00-12:00 13:00-17:00, and leave it empty where the clinic is closed.</source>
        <translation>Escriba cada día como 8:00-12:00 13:00-17:00, y déjelo vacío si la clínica está cerrada.</translation>
    </message>
</context>
<context>
    <name>InvitationsDialog</name>
    <message>
        <source>Open invitations</source>
        <translation>Invitaciones abiertas</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nombre</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Motivo</translation>
    </message>
    <message>
        <source>Valid until</source>
        <translation>Válida hasta</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Estado</translation>
    </message>
    <message>
        <source>No invitation is open. Invite a patient with Ctrl+N.</source>
        <translation>No hay ninguna invitación abierta. Invite a un paciente con Ctrl+N.</translation>
    </message>
    <message>
        <source>Show link and code</source>
        <translation>Mostrar el enlace y el código</translation>
    </message>
    <message>
        <source>Cancel invitation</source>
        <translation>Cancelar la invitación</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
</context>
<context>
    <name>InviteDialog</name>
    <message>
        <source>Invite a patient</source>
        <translation>Invitar a un paciente</translation>
    </message>
    <message>
        <source>As it stands in your records</source>
        <translation>Tal como figura en su ficha</translation>
    </message>
    <message>
        <source>Only the team sees this</source>
        <translation>Solo lo ve el equipo</translation>
    </message>
    <message>
        <source>Create invitation</source>
        <translation>Crear la invitación</translation>
    </message>
    <message>
        <source>Cancel invitation</source>
        <translation>Cancelar la invitación</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Listo</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>Open invitations…</source>
        <translation>Invitaciones abiertas…</translation>
    </message>
    <message>
        <source>The patient gets a link, and proves who they are by birth date and a code that you speak.</source>
        <translation>El paciente recibe un enlace y demuestra quién es con su fecha de nacimiento y un código que usted le dice de viva voz.</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nombre</translation>
    </message>
    <message>
        <source>Birth date</source>
        <translation>Fecha de nacimiento</translation>
    </message>
    <message>
        <source>Reason (optional)</source>
        <translation>Motivo (opcional)</translation>
    </message>
    <message>
        <source>The reason is too long. Shorten it.</source>
        <translation>El motivo es demasiado largo. Acórtelo.</translation>
    </message>
    <message>
        <source>Creating…</source>
        <translation>Creando…</translation>
    </message>
    <message>
        <source>Waiting for the patient</source>
        <translation>A la espera del paciente</translation>
    </message>
    <message>
        <source>Copy link</source>
        <translation>Copiar el enlace</translation>
    </message>
    <message>
        <source>QR code of the invitation’s link</source>
        <translation>Código QR del enlace de la invitación</translation>
    </message>
    <message>
        <source>Link</source>
        <translation>Enlace</translation>
    </message>
    <message>
        <source>Text message…</source>
        <translation>Mensaje de texto…</translation>
    </message>
    <message>
        <source>E-mail…</source>
        <translation>Correo…</translation>
    </message>
    <message>
        <source>Print a card…</source>
        <translation>Imprimir una tarjeta…</translation>
    </message>
    <message>
        <source>This workstation has no program for it. Copy the link, or print a card.</source>
        <translation>Este equipo no tiene ningún programa para ello. Copie el enlace o imprima una tarjeta.</translation>
    </message>
    <message>
        <source>Code to speak: {code}</source>
        <translation>Código para decir: {code}</translation>
    </message>
    <message>
        <source>Say this code on the phone or in person. Never send it together with the link.</source>
        <translation>Diga este código por teléfono o en persona. No lo envíe nunca junto con el enlace.</translation>
    </message>
    <message>
        <source>Valid until {time}</source>
        <translation>Válida hasta {time}</translation>
    </message>
    <message>
        <source>Code to speak</source>
        <translation>Código para decir</translation>
    </message>
    <message>
        <source>Copied for a minute</source>
        <translation>Copiado durante un minuto</translation>
    </message>
</context>
<context>
    <name>JoinScreen</name>
    <message>
        <source>sealdesk-clinic:… as your administrator gave it</source>
        <translation>sealdesk-clinic:… tal como se la dio su administrador</translation>
    </message>
    <message>
        <source>Your name, as colleagues and patients read it</source>
        <translation>Su nombre, como lo leen colegas y pacientes</translation>
    </message>
    <message>
        <source>I have written it down where only I can read it</source>
        <translation>La he anotado donde solo yo puedo leerla</translation>
    </message>
    <message>
        <source>Choose a passphrase of my own</source>
        <translation>Elegir una frase de acceso propia</translation>
    </message>
    <message>
        <source>Join</source>
        <translation>Unirse</translation>
    </message>
    <message>
        <source>Paste the clinic’s address. Your administrator has it.</source>
        <translation>Pegue la dirección de la clínica. La tiene su administrador.</translation>
    </message>
    <message>
        <source>This name is too long. Shorten it.</source>
        <translation>Este nombre es demasiado largo. Acórtelo.</translation>
    </message>
    <message>
        <source>Write your name.</source>
        <translation>Escriba su nombre.</translation>
    </message>
    <message>
        <source>The two passphrases differ. Type both again.</source>
        <translation>Las dos frases de acceso no son iguales. Escriba las dos de nuevo.</translation>
    </message>
    <message>
        <source>Type a passphrase, or take the suggested one.</source>
        <translation>Escriba una frase de acceso, o use la propuesta.</translation>
    </message>
    <message>
        <source>Write the passphrase down first: nobody can tell it to you again.</source>
        <translation>Anote primero la frase de acceso: nadie podrá volver a decírsela.</translation>
    </message>
    <message>
        <source>Making this workstation’s keys…</source>
        <translation>Creando las claves de este equipo…</translation>
    </message>
    <message>
        <source>Another</source>
        <translation>Otra</translation>
    </message>
    <message>
        <source>Once more</source>
        <translation>Otra vez</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Frase de acceso</translation>
    </message>
    <message>
        <source>This workstation makes its own keys. They never leave it; the passphrase seals them.</source>
        <translation>Este equipo crea sus propias claves. Nunca salen de él; la frase de acceso las sella.</translation>
    </message>
    <message>
        <source>Join a clinic</source>
        <translation>Unirse a una clínica</translation>
    </message>
    <message>
        <source>Clinic address</source>
        <translation>Dirección de la clínica</translation>
    </message>
    <message>
        <source>Your name</source>
        <translation>Su nombre</translation>
    </message>
    <message>
        <source>Found a new clinic…</source>
        <translation>Crear una clínica nueva…</translation>
    </message>
    <message>
        <source>Recover a lost administrator’s key…</source>
        <translation>Recuperar una clave de administrador perdida…</translation>
    </message>
</context>
<context>
    <name>KitScreen</name>
    <message>
        <source>If the administrator’s key is lost, these two sheets make a new one. Give them to two people who keep them apart. One sheet alone opens nothing. Delete the files after printing.</source>
        <translation>Si se pierde la clave del administrador, estas dos hojas crean otra. Déselas a dos personas que las guarden por separado. Una hoja sola no abre nada. Borre los archivos después de imprimirlos.</translation>
    </message>
    <message>
        <source>Recovery kit</source>
        <translation>Kit de recuperación</translation>
    </message>
    <message>
        <source>Save sheet 1…</source>
        <translation>Guardar la hoja 1…</translation>
    </message>
    <message>
        <source>Save sheet 2…</source>
        <translation>Guardar la hoja 2…</translation>
    </message>
    <message>
        <source>Type these words back from the paper</source>
        <translation>Escriba estas palabras leyéndolas del papel</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>Más tarde</translation>
    </message>
    <message>
        <source>Confirm</source>
        <translation>Confirmar</translation>
    </message>
    <message>
        <source>Sheet {sheet}, word {place}</source>
        <translation>Hoja {sheet}, palabra {place}</translation>
    </message>
    <message>
        <source>The marked words are not on the sheets. Look at the paper again.</source>
        <translation>Las palabras marcadas no están en las hojas. Mire otra vez el papel.</translation>
    </message>
    <message>
        <source>The sheet cannot be written there. Choose another place.</source>
        <translation>La hoja no se puede guardar ahí. Elija otro lugar.</translation>
    </message>
    <message>
        <source>recovery-sheet-{sheet}</source>
        <translation>hoja-de-recuperacion-{sheet}</translation>
    </message>
    <message>
        <source>Save sheet {sheet}</source>
        <translation>Guardar la hoja {sheet}</translation>
    </message>
</context>
<context>
    <name>LabelDialog</name>
    <message>
        <source>Whose conversation is this?</source>
        <translation>¿De quién es esta conversación?</translation>
    </message>
    <message>
        <source>The team sees it; the patient does not. It shows once the patient has been checked, and the check compares what they say with it.</source>
        <translation>Lo ve el equipo; el paciente no. Se muestra cuando se haya comprobado al paciente, y la comprobación lo compara con lo que diga el paciente.</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nombre</translation>
    </message>
    <message>
        <source>Birth date</source>
        <translation>Fecha de nacimiento</translation>
    </message>
    <message>
        <source>Phone number</source>
        <translation>Número de teléfono</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Guardar</translation>
    </message>
    <message>
        <source>Write the phone number in digits.</source>
        <translation>Escriba el número de teléfono en cifras.</translation>
    </message>
</context>
<context>
    <name>LogSection</name>
    <message>
        <source>Clinic log</source>
        <translation>Registro de la clínica</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Cuándo</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>Quién</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Qué</translation>
    </message>
    <message>
        <source>Entries of the clinic log</source>
        <translation>Anotaciones del registro de la clínica</translation>
    </message>
    <message>
        <source>A name, a role, a word</source>
        <translation>Un nombre, una función, una palabra</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filtrar</translation>
    </message>
    <message numerus="yes">
        <source>%n entries, each signed and proven from the founding on. Nothing in it can be taken back.</source>
        <translation>
            <numerusform>%n anotación, firmada y comprobada desde la creación de la clínica. Nada de ello se puede retirar.</numerusform>
            <numerusform>%n anotaciones, cada una firmada y comprobada desde la creación de la clínica. Nada de ello se puede retirar.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>The recovery kit is not printed.</source>
        <translation>El kit de recuperación no está impreso.</translation>
    </message>
    <message>
        <source>If the administrator’s key is lost, nobody can admit or revoke a device.</source>
        <translation>Si se pierde la clave del administrador, nadie podrá admitir ni revocar dispositivos.</translation>
    </message>
    <message>
        <source>Press Ctrl+Shift+K and type the administrator’s passphrase.</source>
        <translation>Pulse Ctrl+Mayús+K y escriba la frase de acceso del administrador.</translation>
    </message>
</context>
<context>
    <name>MentionPicker</name>
    <message>
        <source>Colleagues</source>
        <translation>Colegas</translation>
    </message>
</context>
<context>
    <name>MessageDetailsDialog</name>
    <message>
        <source>Message details</source>
        <translation>Detalles del mensaje</translation>
    </message>
    <message>
        <source>Signed receipts</source>
        <translation>Acuses firmados</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>Paso</translation>
    </message>
    <message>
        <source>Signed by</source>
        <translation>Firmado por</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Cuándo</translation>
    </message>
    <message>
        <source>Signature</source>
        <translation>Firma</translation>
    </message>
    <message>
        <source>No receipts yet.</source>
        <translation>Todavía no hay acuses.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>You</source>
        <translation>Usted</translation>
    </message>
    <message>
        <source>The author’s signature was checked before it was shown.</source>
        <translation>La firma del autor se comprobó antes de mostrarlo.</translation>
    </message>
    <message>
        <source>Checked</source>
        <translation>Comprobado</translation>
    </message>
    <message>
        <source>None yet</source>
        <translation>Todavía ninguno</translation>
    </message>
    <message numerus="yes">
        <source>%n earlier steps are not shown.</source>
        <translation>
            <numerusform>No se muestra %n paso anterior.</numerusform>
            <numerusform>No se muestran %n pasos anteriores.</numerusform>
        </translation>
    </message>
    <message>
        <source>the relay, for {name}</source>
        <translation>el servidor de relevo, para {name}</translation>
    </message>
    <message>
        <source>nobody, for {name}</source>
        <translation>nadie, para {name}</translation>
    </message>
    <message>
        <source>Waiting to be sent</source>
        <translation>Pendiente de envío</translation>
    </message>
    <message>
        <source>Accepted by the relay</source>
        <translation>Aceptado por el servidor de relevo</translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation>Entregado</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>Leído</translation>
    </message>
    <message>
        <source>Refused by the relay</source>
        <translation>Rechazado por el servidor de relevo</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>Rechazado</translation>
    </message>
</context>
<context>
    <name>NarrowingBar</name>
    <message>
        <source>All</source>
        <translation>Todas</translation>
    </message>
    <message>
        <source>Tag: {tag}</source>
        <translation>Etiqueta: {tag}</translation>
    </message>
    <message>
        <source>Unread</source>
        <translation>Sin leer</translation>
    </message>
    <message>
        <source>Patient not checked</source>
        <translation>Paciente sin comprobar</translation>
    </message>
    <message>
        <source>Needs attention</source>
        <translation>Requiere atención</translation>
    </message>
    <message>
        <source>Mentions you</source>
        <translation>Le mencionan</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>Primero las más recientes</translation>
    </message>
    <message>
        <source>Longest waiting first</source>
        <translation>Primero las que más esperan</translation>
    </message>
    <message>
        <source>Show: {what}</source>
        <translation>Mostrar: {what}</translation>
    </message>
    <message>
        <source>Which conversations are shown: {what}</source>
        <translation>Qué conversaciones se muestran: {what}</translation>
    </message>
    <message>
        <source>Order: {order}</source>
        <translation>Orden: {order}</translation>
    </message>
</context>
<context>
    <name>Notifier</name>
    <message>
        <source>Open Sealdesk</source>
        <translation>Abrir Sealdesk</translation>
    </message>
    <message>
        <source>Lock (Ctrl+L)</source>
        <translation>Bloquear (Ctrl+L)</translation>
    </message>
    <message>
        <source>Something new waits for you.</source>
        <translation>Algo nuevo le espera.</translation>
    </message>
</context>
<context>
    <name>OpeningScreen</name>
    <message>
        <source>Approved: {names}.</source>
        <translation>Aprobados: {names}.</translation>
    </message>
    <message>
        <source>Have that desk unlocked once: until then no desk sends anything.</source>
        <translation>Haga que ese puesto se desbloquee una vez: hasta entonces ningún puesto envía nada.</translation>
    </message>
    <message>
        <source>Colleagues and website</source>
        <translation>Colegas y sitio web</translation>
    </message>
    <message>
        <source>On each colleague’s workstation, start Sealdesk, paste this address and give a name. It shows six words: have them read out, and approve it here, or later in Administration.</source>
        <translation>En el equipo de cada colega, abra Sealdesk, pegue esta dirección y dé un nombre. Muestra seis palabras: pida que se las lean y apruébelo aquí, o más tarde en Administración.</translation>
    </message>
    <message>
        <source>One tag for the clinic’s website draws a button that opens the patients’ page. If the page is not at the relay, put its own address there.</source>
        <translation>Una etiqueta en la web de la clínica muestra un botón que abre la página de los pacientes. Si la página no está en el servidor de relevo, ponga ahí su propia dirección.</translation>
    </message>
    <message>
        <source>Colleagues</source>
        <translation>Colegas</translation>
    </message>
    <message>
        <source>Clinic address</source>
        <translation>Dirección de la clínica</translation>
    </message>
    <message>
        <source>Website</source>
        <translation>Sitio web</translation>
    </message>
    <message>
        <source>HTML</source>
        <translation>HTML</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copiar</translation>
    </message>
    <message>
        <source>Approve a workstation…</source>
        <translation>Aprobar un equipo…</translation>
    </message>
    <message>
        <source>To the desk</source>
        <translation>Ir al puesto</translation>
    </message>
</context>
<context>
    <name>OwnApprovalScreen</name>
    <message>
        <source>Approve</source>
        <translation>Aprobar</translation>
    </message>
    <message>
        <source>These six words stand for this workstation’s keys. Every other one shows its own, to compare.</source>
        <translation>Estas seis palabras representan las claves de este equipo. Cada uno de los demás muestra las suyas, para comparar.</translation>
    </message>
    <message>
        <source>Approve this workstation</source>
        <translation>Aprobar este equipo</translation>
    </message>
</context>
<context>
    <name>OwnSettingsDialog</name>
    <message>
        <source>Your settings</source>
        <translation>Sus ajustes</translation>
    </message>
    <message>
        <source>Play a sound when a message comes</source>
        <translation>Reproducir un sonido cuando llega un mensaje</translation>
    </message>
    <message>
        <source>Do not disturb: no sound and no notification</source>
        <translation>No molestar: ni sonido ni aviso</translation>
    </message>
    <message>
        <source>Remove PIN</source>
        <translation>Quitar el PIN</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>No PIN is set.</source>
        <translation>No hay ningún PIN.</translation>
    </message>
    <message>
        <source>A PIN is set. A new one takes its place.</source>
        <translation>Hay un PIN. Uno nuevo lo sustituye.</translation>
    </message>
    <message>
        <source>Type a PIN of 4 to 12 digits.</source>
        <translation>Escriba un PIN de 4 a 12 cifras.</translation>
    </message>
    <message>
        <source>The two PINs differ. Type both again.</source>
        <translation>Los dos PIN no son iguales. Escriba los dos de nuevo.</translation>
    </message>
    <message>
        <source>A notification says that something waits, never from whom or what.</source>
        <translation>Un aviso dice que algo espera, nunca de quién ni qué.</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>Avisos</translation>
    </message>
    <message>
        <source>Once you have typed your passphrase, the PIN reopens Sealdesk for ten minutes. Then, or after three wrong PINs, it takes the passphrase again.</source>
        <translation>Una vez escrita su frase de acceso, el PIN reabre Sealdesk durante diez minutos. Después, o tras tres PIN incorrectos, hace falta otra vez la frase de acceso.</translation>
    </message>
    <message>
        <source>New PIN</source>
        <translation>PIN nuevo</translation>
    </message>
    <message>
        <source>Once more</source>
        <translation>Otra vez</translation>
    </message>
    <message>
        <source>Set PIN</source>
        <translation>Poner el PIN</translation>
    </message>
    <message>
        <source>PIN</source>
        <translation>PIN</translation>
    </message>
</context>
<context>
    <name>PatientPane</name>
    <message>
        <source>About the patient</source>
        <translation>Sobre el paciente</translation>
    </message>
    <message>
        <source>Nobody has checked this patient yet.</source>
        <translation>Nadie ha comprobado todavía a este paciente.</translation>
    </message>
    <message>
        <source>Device {name}, here since {time}</source>
        <translation>Dispositivo {name}, aquí desde {time}</translation>
    </message>
    <message>
        <source>Names and identifiers show once the patient has been checked.</source>
        <translation>El nombre y los datos se muestran cuando se haya comprobado al paciente.</translation>
    </message>
    <message>
        <source>Safety number as a QR code</source>
        <translation>Número de seguridad como código QR</translation>
    </message>
    <message>
        <source>Remove the tag {tag}</source>
        <translation>Quitar la etiqueta {tag}</translation>
    </message>
    <message>
        <source>Blocked</source>
        <translation>Bloqueado</translation>
    </message>
    <message>
        <source>Block device {name}</source>
        <translation>Bloquear el dispositivo {name}</translation>
    </message>
    <message>
        <source>Messages are kept without limit.</source>
        <translation>Los mensajes se conservan sin límite.</translation>
    </message>
    <message>
        <source>On hold: {reason}. Nothing is deleted by age.</source>
        <translation>Retenida: {reason}. Nada se borra por antigüedad.</translation>
    </message>
    <message>
        <source>Take the hold off</source>
        <translation>Quitar la retención</translation>
    </message>
    <message>
        <source>Put on hold</source>
        <translation>Retener</translation>
    </message>
    <message>
        <source>This tag is too long. Shorten it.</source>
        <translation>Esta etiqueta es demasiado larga. Acórtela.</translation>
    </message>
    <message>
        <source>No files yet.</source>
        <translation>Todavía no hay archivos.</translation>
    </message>
    <message>
        <source>Add a tag</source>
        <translation>Añadir una etiqueta</translation>
    </message>
    <message>
        <source>Name of who writes for the patient</source>
        <translation>Nombre de quien escribe por el paciente</translation>
    </message>
    <message>
        <source>Relation, such as mother</source>
        <translation>Relación, por ejemplo madre</translation>
    </message>
    <message>
        <source>Reason for a hold</source>
        <translation>Motivo de la retención</translation>
    </message>
    <message>
        <source>Files of this conversation</source>
        <translation>Archivos de esta conversación</translation>
    </message>
    <message>
        <source>Who had this file…</source>
        <translation>Quién ha tenido este archivo…</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Dispositivos</translation>
    </message>
    <message>
        <source>Block…</source>
        <translation>Bloquear…</translation>
    </message>
    <message numerus="yes">
        <source>Messages are deleted %n days after they arrive.</source>
        <translation>
            <numerusform>Los mensajes se borran %n día después de llegar.</numerusform>
            <numerusform>Los mensajes se borran %n días después de llegar.</numerusform>
        </translation>
    </message>
    <message>
        <source>Export this conversation…</source>
        <translation>Exportar esta conversación…</translation>
    </message>
    <message>
        <source>Print this conversation…</source>
        <translation>Imprimir esta conversación…</translation>
    </message>
    <message>
        <source>Name and birth date…</source>
        <translation>Nombre y fecha de nacimiento…</translation>
    </message>
    <message>
        <source>Compare by voice…</source>
        <translation>Comparar de viva voz…</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Guardar</translation>
    </message>
    <message>
        <source>Writes for the patient</source>
        <translation>Escribe por el paciente</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>Etiquetas</translation>
    </message>
    <message>
        <source>Checks</source>
        <translation>Comprobaciones</translation>
    </message>
    <message>
        <source>Safety number</source>
        <translation>Número de seguridad</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>Archivos</translation>
    </message>
    <message>
        <source>Kept how long</source>
        <translation>Cuánto se conserva</translation>
    </message>
    <message>
        <source>Born</source>
        <translation>Nacimiento</translation>
    </message>
    <message>
        <source>Phone</source>
        <translation>Teléfono</translation>
    </message>
</context>
<context>
    <name>Period</name>
    <message>
        <source>Period</source>
        <translation>Periodo</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Hoy</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>Últimos 7 días</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>Últimos 30 días</translation>
    </message>
    <message>
        <source>Last 90 days</source>
        <translation>Últimos 90 días</translation>
    </message>
    <message>
        <source>Last 12 months</source>
        <translation>Últimos 12 meses</translation>
    </message>
    <message>
        <source>Other days</source>
        <translation>Otros días</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Desde</translation>
    </message>
    <message>
        <source>To</source>
        <translation>Hasta</translation>
    </message>
    <message>
        <source>A period begins before it ends, and is a year at most. Choose other days.</source>
        <translation>Un periodo empieza antes de acabar y dura un año como máximo. Elija otros días.</translation>
    </message>
</context>
<context>
    <name>PolicySection</name>
    <message>
        <source>Policy</source>
        <translation>Normas</translation>
    </message>
    <message>
        <source> s</source>
        <translation> s</translation>
    </message>
    <message>
        <source> days</source>
        <translation> días</translation>
    </message>
    <message>
        <source>without limit</source>
        <translation>sin límite</translation>
    </message>
    <message>
        <source> h</source>
        <translation> h</translation>
    </message>
    <message>
        <source>Patients see that their messages were read</source>
        <translation>Los pacientes ven que se leyeron sus mensajes</translation>
    </message>
    <message>
        <source>New devices are sent what was said before</source>
        <translation>Los dispositivos nuevos reciben lo que se dijo antes</translation>
    </message>
    <message>
        <source>Change the policy…</source>
        <translation>Cambiar las normas…</translation>
    </message>
    <message>
        <source>State it anew (all clear)…</source>
        <translation>Declararlas de nuevo (fin de alarma)…</translation>
    </message>
    <message>
        <source>Desks must warn before they stop. Choose fewer hours for the warning.</source>
        <translation>Los puestos deben avisar antes de parar. Elija menos horas para el aviso.</translation>
    </message>
    <message>
        <source>It holds on every desk once that has heard of it, and stands in the clinic log.</source>
        <translation>Vale en cada puesto en cuanto se entera, y consta en el registro de la clínica.</translation>
    </message>
    <message>
        <source>Each desk then deletes for ever what is older than that.</source>
        <translation>Cada puesto borra entonces para siempre lo que supera ese plazo.</translation>
    </message>
    <message>
        <source>Change the policy?</source>
        <translation>¿Cambiar las normas?</translation>
    </message>
    <message>
        <source>Change the policy</source>
        <translation>Cambiar las normas</translation>
    </message>
    <message>
        <source>This ends the alarms that desks have raised about the clinic log, and they send again. Do it after you have found out what was behind them.</source>
        <translation>Esto termina las alarmas que los puestos dieron sobre el registro de la clínica, y vuelven a enviar. Hágalo después de averiguar qué había detrás.</translation>
    </message>
    <message>
        <source>State the policy anew?</source>
        <translation>¿Declarar de nuevo las normas?</translation>
    </message>
    <message>
        <source>All clear</source>
        <translation>Fin de alarma</translation>
    </message>
    <message>
        <source>Desks lock when nobody uses them for</source>
        <translation>Los puestos se bloquean si nadie los usa durante</translation>
    </message>
    <message>
        <source>Messages are kept for</source>
        <translation>Los mensajes se conservan durante</translation>
    </message>
    <message>
        <source>Desks warn when nobody has vouched for the log for</source>
        <translation>Los puestos avisan si nadie da fe del registro durante</translation>
    </message>
    <message>
        <source>Desks stop sending after</source>
        <translation>Los puestos dejan de enviar tras</translation>
    </message>
</context>
<context>
    <name>ReadableCopy</name>
    <message>
        <source>Export this conversation so that people can read it</source>
        <translation>Exportar esta conversación para que se pueda leer</translation>
    </message>
    <message>
        <source>PDF (*.pdf)</source>
        <translation>PDF (*.pdf)</translation>
    </message>
    <message>
        <source>Text (*.txt)</source>
        <translation>Texto (*.txt)</translation>
    </message>
    <message>
        <source>conversation</source>
        <translation>conversacion</translation>
    </message>
    <message>
        <source>Conversation</source>
        <translation>Conversación</translation>
    </message>
    <message>
        <source>The file cannot be written there.</source>
        <translation>El archivo no se puede escribir ahí.</translation>
    </message>
    <message>
        <source>Choose another place, or make room there.</source>
        <translation>Elija otro lugar, o libere espacio allí.</translation>
    </message>
    <message>
        <source>The copy was not written.</source>
        <translation>La copia no se escribió.</translation>
    </message>
    <message>
        <source>Written to {path}</source>
        <translation>Guardado en {path}</translation>
    </message>
    <message>
        <source>Whoever has this file can read it.</source>
        <translation>Quien tenga este archivo puede leerlo.</translation>
    </message>
    <message>
        <source>Hand it over, then delete it.</source>
        <translation>Entréguelo y bórrelo después.</translation>
    </message>
</context>
<context>
    <name>ReceivedFileDialog</name>
    <message>
        <source>A saved copy is outside Sealdesk: it is not encrypted, and this is noted in the audit log.</source>
        <translation>Una copia guardada queda fuera de Sealdesk: no está cifrada, y esto se anota en el registro de auditoría.</translation>
    </message>
    <message>
        <source>Save a copy…</source>
        <translation>Guardar una copia…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>Fetching: {percent} %</source>
        <translation>Descargando: {percent} %</translation>
    </message>
    <message>
        <source>Saved as {name}.</source>
        <translation>Guardado como {name}.</translation>
    </message>
    <message>
        <source>Save a copy</source>
        <translation>Guardar una copia</translation>
    </message>
</context>
<context>
    <name>RecoverScreen</name>
    <message>
        <source>I have written it down and locked it away</source>
        <translation>La he anotado y guardado bajo llave</translation>
    </message>
    <message>
        <source>Make a new key</source>
        <translation>Crear una clave nueva</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Continuar</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Atrás</translation>
    </message>
    <message>
        <source>{clinic} has a new administrator’s key. The old one counts for nothing any more, and every desk is told. The sheets stay valid: give them back to their keepers.</source>
        <translation>{clinic} tiene una clave de administrador nueva. La antigua ya no vale nada, y se avisa a todos los puestos. Las hojas siguen siendo válidas: devuélvalas a sus depositarios.</translation>
    </message>
    <message>
        <source>Write the passphrase down first: nobody can tell it to you again.</source>
        <translation>Anote primero la frase de acceso: nadie podrá volver a decírsela.</translation>
    </message>
    <message>
        <source>Both keepers come with their sheets. Type the words of each, without their numbers. A new key is made on this computer.</source>
        <translation>Los dos depositarios vienen con sus hojas. Escriba las palabras de cada una, sin los números. En este equipo se crea una clave nueva.</translation>
    </message>
    <message>
        <source>Recover the administrator’s key</source>
        <translation>Recuperar la clave del administrador</translation>
    </message>
    <message>
        <source>Words of sheet {sheet}</source>
        <translation>Palabras de la hoja {sheet}</translation>
    </message>
    <message>
        <source>Clinic address, as on the sheets</source>
        <translation>Dirección de la clínica, como en las hojas</translation>
    </message>
    <message>
        <source>The new key’s passphrase</source>
        <translation>Frase de acceso de la clave nueva</translation>
    </message>
</context>
<context>
    <name>RecoverySection</name>
    <message>
        <source>Recovery</source>
        <translation>Recuperación</translation>
    </message>
    <message>
        <source>Print the recovery kit…</source>
        <translation>Imprimir el kit de recuperación…</translation>
    </message>
    <message>
        <source>Print it anew…</source>
        <translation>Imprimirlo de nuevo…</translation>
    </message>
    <message>
        <source>Recover with both sheets…</source>
        <translation>Recuperar con las dos hojas…</translation>
    </message>
    <message>
        <source>With both sheets a new administrator’s key is made. The old one counts for nothing from then on, and every desk is told. One sheet alone opens nothing.</source>
        <translation>Con las dos hojas se crea otra clave de administrador. La antigua deja de valer desde entonces, y se avisa a todos los puestos. Una hoja sola no abre nada.</translation>
    </message>
    <message>
        <source>Recovery kit</source>
        <translation>Kit de recuperación</translation>
    </message>
    <message>
        <source>The administrator’s key is lost</source>
        <translation>La clave del administrador se perdió</translation>
    </message>
    <message>
        <source>The kit was made where the administrator’s key is; nothing of it is on this workstation.</source>
        <translation>El kit se hizo donde está la clave del administrador; en este equipo no hay nada de él.</translation>
    </message>
    <message>
        <source>Not printed yet, or nobody has typed words back from the paper.</source>
        <translation>Todavía no está impreso, o nadie ha escrito las palabras leyéndolas del papel.</translation>
    </message>
    <message>
        <source>Printed and confirmed. It is on the two sheets of paper and nowhere else.</source>
        <translation>Impreso y confirmado. Está en las dos hojas de papel y en ningún otro sitio.</translation>
    </message>
</context>
<context>
    <name>RelaySection</name>
    <message>
        <source>Relay and page</source>
        <translation>Servidor de relevo y página</translation>
    </message>
    <message>
        <source>Vouch for the log now…</source>
        <translation>Dar fe del registro ahora…</translation>
    </message>
    <message>
        <source>Relay</source>
        <translation>Servidor de relevo</translation>
    </message>
    <message>
        <source>Who vouches for the clinic log</source>
        <translation>Quién da fe del registro de la clínica</translation>
    </message>
    <message>
        <source>Patients’ page</source>
        <translation>Página de los pacientes</translation>
    </message>
    <message>
        <source>{origin}
Its key, which the clinic log names: {key}
Clinic’s fingerprint: {fingerprint}</source>
        <translation>{origin}
Su clave, que nombra el registro de la clínica: {key}
Huella de la clínica: {fingerprint}</translation>
    </message>
    <message>
        <source>Enough people vouched for it last on {time}.</source>
        <translation>La última vez que dio fe gente suficiente fue el {time}.</translation>
    </message>
    <message>
        <source>Too few people have vouched for it: desks send nothing.</source>
        <translation>Ha dado fe muy poca gente: los puestos no envían nada.</translation>
    </message>
    <message>
        <source>This desk has not looked at it yet. Whether it is the right one is not known.</source>
        <translation>Este equipo aún no la ha revisado. No se sabe si es la correcta.</translation>
    </message>
    <message>
        <source>This desk has never reached it, and has tried since {time}.</source>
        <translation>Este equipo nunca ha podido abrirla; lo intenta desde el {time}.</translation>
    </message>
    <message>
        <source>Last looked at on {time}.</source>
        <translation>Revisada por última vez el {time}.</translation>
    </message>
    <message>
        <source>No alarm stands.</source>
        <translation>No hay ninguna alarma.</translation>
    </message>
    <message>
        <source>Not reached again since {time}.</source>
        <translation>No se ha vuelto a alcanzar desde el {time}.</translation>
    </message>
    <message>
        <source>Your word, as of now, that the clinic log which this workstation sees is the right one.</source>
        <translation>Usted da fe, a día de hoy, de que el registro de la clínica que ve este equipo es el correcto.</translation>
    </message>
    <message>
        <source>Vouch for the log?</source>
        <translation>¿Dar fe del registro?</translation>
    </message>
    <message>
        <source>Vouch</source>
        <translation>Dar fe</translation>
    </message>
</context>
<context>
    <name>RepliesDialog</name>
    <message>
        <source>Canned replies</source>
        <translation>Respuestas preparadas</translation>
    </message>
    <message>
        <source>New reply</source>
        <translation>Respuesta nueva</translation>
    </message>
    <message>
        <source>Add the starters</source>
        <translation>Añadir las de ejemplo</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Borrar</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Guardar</translation>
    </message>
    <message>
        <source>Type / in the composer to insert one. {placeholders} are filled in; anything else in braces is asked for. They stay on this device.</source>
        <translation>Escriba / al responder para insertar una. {placeholders} se rellenan solos; lo demás entre llaves se pregunta. Se quedan en este dispositivo.</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Título</translation>
    </message>
    <message>
        <source>English</source>
        <translation>English</translation>
    </message>
    <message>
        <source>Español</source>
        <translation>Español</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>Saved.</source>
        <translation>Guardado.</translation>
    </message>
    <message>
        <source>Give the reply a title.</source>
        <translation>Ponga un título a la respuesta.</translation>
    </message>
    <message>
        <source>Write the reply in English or in Spanish.</source>
        <translation>Escriba la respuesta en inglés o en español.</translation>
    </message>
</context>
<context>
    <name>ReplyPicker</name>
    <message>
        <source>Edit replies…</source>
        <translation>Editar las respuestas…</translation>
    </message>
    <message>
        <source>Canned replies · Español</source>
        <translation>Respuestas preparadas · Español</translation>
    </message>
    <message>
        <source>Canned replies · English</source>
        <translation>Respuestas preparadas · English</translation>
    </message>
    <message>
        <source>English</source>
        <translation>English</translation>
    </message>
    <message>
        <source>Español</source>
        <translation>Español</translation>
    </message>
    <message>
        <source>{language} (Alt+L)</source>
        <translation>{language} (Alt+L)</translation>
    </message>
    <message>
        <source>One moment…</source>
        <translation>Un momento…</translation>
    </message>
    <message>
        <source>There are no canned replies yet. Ctrl+Shift+R adds some.</source>
        <translation>Todavía no hay respuestas preparadas. Ctrl+Mayús+R añade algunas.</translation>
    </message>
    <message>
        <source>No reply has these words. Esc closes this list and keeps what you typed.</source>
        <translation>Ninguna respuesta contiene estas palabras. Esc cierra esta lista y conserva lo escrito.</translation>
    </message>
    <message>
        <source>Canned replies</source>
        <translation>Respuestas preparadas</translation>
    </message>
</context>
<context>
    <name>ReviewView</name>
    <message>
        <source>Audit and weekly review</source>
        <translation>Auditoría y revisión semanal</translation>
    </message>
    <message>
        <source>Only what stands out</source>
        <translation>Solo lo que llama la atención</translation>
    </message>
    <message>
        <source>Sign as reviewed</source>
        <translation>Firmar como revisado</translation>
    </message>
    <message>
        <source>Needs an explanation: {count}.</source>
        <translation>Requiere explicación: {count}.</translation>
    </message>
    <message>
        <source>Nothing stands out.</source>
        <translation>Nada llama la atención.</translation>
    </message>
    <message numerus="yes">
        <source>The oldest %n entries are not shown: choose fewer days.</source>
        <translation>
            <numerusform>La anotación más antigua (%n) no se muestra: elija menos días.</numerusform>
            <numerusform>Las %n anotaciones más antiguas no se muestran: elija menos días.</numerusform>
        </translation>
    </message>
    <message>
        <source>Audit logs of: {names}</source>
        <translation>Registros de auditoría de: {names}</translation>
    </message>
    <message>
        <source>Reviewed here before:</source>
        <translation>Revisado aquí antes:</translation>
    </message>
    <message>
        <source>Signed as reviewed. It stands in this desk’s audit log, and the relay has witnessed it.</source>
        <translation>Firmado como revisado. Consta en el registro de auditoría de este puesto, y el servidor de relevo ha dado fe.</translation>
    </message>
    <message>
        <source>Signed as reviewed in this desk’s audit log. The relay witnesses it as soon as it is reached.</source>
        <translation>Firmado como revisado en el registro de auditoría de este puesto. El servidor de relevo dará fe en cuanto haya conexión.</translation>
    </message>
    <message>
        <source>Bundles that other desks exported</source>
        <translation>Paquetes que exportaron otros puestos</translation>
    </message>
    <message>
        <source>Entries of the audit logs</source>
        <translation>Anotaciones de los registros de auditoría</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Cuándo</translation>
    </message>
    <message>
        <source>Desk</source>
        <translation>Puesto</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Qué</translation>
    </message>
    <message>
        <source>Conversation</source>
        <translation>Conversación</translation>
    </message>
    <message>
        <source>Why it stands out</source>
        <translation>Por qué llama la atención</translation>
    </message>
    <message>
        <source>Back to the conversations</source>
        <translation>Volver a las conversaciones</translation>
    </message>
    <message>
        <source>Refresh</source>
        <translation>Actualizar</translation>
    </message>
    <message>
        <source>Add other desks’ bundles…</source>
        <translation>Añadir paquetes de otros puestos…</translation>
    </message>
</context>
<context>
    <name>RevokedScreen</name>
    <message>
        <source>This workstation’s access was ended by an administrator. It can no longer send or receive.</source>
        <translation>Un administrador ha terminado el acceso de este equipo. Ya no puede enviar ni recibir.</translation>
    </message>
    <message>
        <source>Access has ended</source>
        <translation>El acceso ha terminado</translation>
    </message>
    <message>
        <source>Ask your administrator if this is a surprise.</source>
        <translation>Si no lo esperaba, pregunte a su administrador.</translation>
    </message>
</context>
<context>
    <name>RoleDialog</name>
    <message>
        <source>Role</source>
        <translation>Función</translation>
    </message>
</context>
<context>
    <name>SafetyNumberDialog</name>
    <message>
        <source>Compare the safety number</source>
        <translation>Comparar el número de seguridad</translation>
    </message>
    <message>
        <source>Call the patient on a number you know. Read these digits to them; they look at their screen.</source>
        <translation>Llame al paciente a un número que usted conozca. Léale estas cifras mientras las mira en su pantalla.</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Ahora no</translation>
    </message>
    <message>
        <source>They differ</source>
        <translation>Son distintas</translation>
    </message>
    <message>
        <source>They match</source>
        <translation>Coinciden</translation>
    </message>
</context>
<context>
    <name>Screen</name>
    <message>
        <source>This workstation…</source>
        <translation>Este equipo…</translation>
    </message>
</context>
<context>
    <name>SearchBox</name>
    <message>
        <source>Search everything (Ctrl+F)</source>
        <translation>Buscar en todo (Ctrl+F)</translation>
    </message>
    <message>
        <source>Search conversations and messages</source>
        <translation>Buscar conversaciones y mensajes</translation>
    </message>
    <message>
        <source>Nothing has these words.</source>
        <translation>Nada contiene estas palabras.</translation>
    </message>
    <message>
        <source>Words are found by how they begin. Try fewer letters, or one word.</source>
        <translation>Las palabras se encuentran por su comienzo. Pruebe con menos letras, o con una sola palabra.</translation>
    </message>
</context>
<context>
    <name>SearchModel</name>
    <message>
        <source>Conversations</source>
        <translation>Conversaciones</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Mensajes</translation>
    </message>
</context>
<context>
    <name>SearchResults</name>
    <message>
        <source>What was found</source>
        <translation>Lo encontrado</translation>
    </message>
</context>
<context>
    <name>SelfCheckScreen</name>
    <message>
        <source>A demo patient proves the clinic’s log and comes in</source>
        <translation>Un paciente de prueba comprueba el registro de la clínica y entra</translation>
    </message>
    <message>
        <source>Its sealed message is accepted, signed by the relay</source>
        <translation>Su mensaje sellado es aceptado y firmado por el servidor de relevo</translation>
    </message>
    <message>
        <source>This desk decrypts it</source>
        <translation>Este puesto lo descifra</translation>
    </message>
    <message>
        <source>The patient decrypts this desk’s answer</source>
        <translation>El paciente descifra la respuesta de este puesto</translation>
    </message>
    <message>
        <source>The receipts for both are signed and hold</source>
        <translation>Los acuses de ambos están firmados y son válidos</translation>
    </message>
    <message>
        <source>The conversation is ended</source>
        <translation>La conversación se termina</translation>
    </message>
    <message>
        <source>Run the self-check</source>
        <translation>Hacer la prueba</translation>
    </message>
    <message>
        <source>A message and its answer went over your relay; this desk opened the one, the demo patient the other, and the receipts hold. The patients’ page and other workstations were not tried.</source>
        <translation>Un mensaje y su respuesta pasaron por su servidor de relevo; este equipo abrió uno, el paciente de prueba el otro, y los acuses son válidos. La página de los pacientes y los demás equipos no se probaron.</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Continuar</translation>
    </message>
    <message>
        <source>Does a message get through?</source>
        <translation>¿Llega un mensaje?</translation>
    </message>
    <message>
        <source>Done: {step}</source>
        <translation>Hecho: {step}</translation>
    </message>
</context>
<context>
    <name>SendFileDialog</name>
    <message>
        <source>Send to {name}?</source>
        <translation>¿Enviar a {name}?</translation>
    </message>
    <message>
        <source>Where and when it was taken is removed before it is sent.</source>
        <translation>Antes de enviarla se quita dónde y cuándo se tomó.</translation>
    </message>
    <message>
        <source>Caption (optional)</source>
        <translation>Texto (opcional)</translation>
    </message>
    <message>
        <source>Caption of the first file (optional)</source>
        <translation>Texto del primer archivo (opcional)</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Enviar</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Take out {name}</source>
        <translation>Quitar {name}</translation>
    </message>
    <message>
        <source>Files to send</source>
        <translation>Archivos para enviar</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>This workstation</source>
        <translation>Este equipo</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Como el sistema</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Claro</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Oscuro</translation>
    </message>
    <message>
        <source>High contrast, light</source>
        <translation>Alto contraste, claro</translation>
    </message>
    <message>
        <source>High contrast, dark</source>
        <translation>Alto contraste, oscuro</translation>
    </message>
    <message>
        <source>Normal</source>
        <translation>Normal</translation>
    </message>
    <message>
        <source>Large</source>
        <translation>Grande</translation>
    </message>
    <message>
        <source>Largest</source>
        <translation>Muy grande</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Idioma</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Apariencia</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>Tamaño del texto</translation>
    </message>
    <message>
        <source>These settings hold for everybody at this workstation.</source>
        <translation>Estos ajustes valen para todos en este equipo.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>This changes when Sealdesk starts again.</source>
        <translation>Esto cambia cuando Sealdesk se inicie de nuevo.</translation>
    </message>
</context>
<context>
    <name>SheetsDialog</name>
    <message>
        <source>Print the recovery kit anew</source>
        <translation>Imprimir de nuevo el kit de recuperación</translation>
    </message>
    <message>
        <source>Both keepers come with their sheets: the kit is nowhere else. Type the words of each, without their numbers. The old sheets still fit each other afterwards: destroy both.</source>
        <translation>Los dos depositarios vienen con sus hojas: el kit no está en ningún otro sitio. Escriba las palabras de cada una, sin los números. Las hojas antiguas siguen encajando entre sí después: destruya las dos.</translation>
    </message>
    <message>
        <source>Words of sheet {sheet}</source>
        <translation>Palabras de la hoja {sheet}</translation>
    </message>
    <message>
        <source>Make new sheets</source>
        <translation>Hacer hojas nuevas</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
</context>
<context>
    <name>StaffSection</name>
    <message>
        <source>Staff and roles</source>
        <translation>Personal y funciones</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nombre</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>Función</translation>
    </message>
    <message>
        <source>What the role may do</source>
        <translation>Qué puede hacer la función</translation>
    </message>
    <message>
        <source>Staff</source>
        <translation>Personal</translation>
    </message>
    <message>
        <source>Teams</source>
        <translation>Equipos</translation>
    </message>
    <message>
        <source>Members</source>
        <translation>Miembros</translation>
    </message>
    <message>
        <source>Change the role…</source>
        <translation>Cambiar la función…</translation>
    </message>
    <message>
        <source>New team…</source>
        <translation>Equipo nuevo…</translation>
    </message>
    <message>
        <source>Change the team…</source>
        <translation>Cambiar el equipo…</translation>
    </message>
    <message>
        <source>reads and writes; no administration, no audit</source>
        <translation>lee y escribe; sin administración ni auditoría</translation>
    </message>
    <message>
        <source>an agent who may also assign, delete and review the audit logs</source>
        <translation>un agente que además puede asignar, borrar y revisar los registros de auditoría</translation>
    </message>
    <message>
        <source>a supervisor whose desk also has this room</source>
        <translation>un supervisor cuyo puesto además tiene esta sala</translation>
    </message>
    <message>
        <source>reviews the audit logs; is sent no conversation</source>
        <translation>revisa los registros de auditoría; no recibe ninguna conversación</translation>
    </message>
    <message>
        <source>None of its members is here any more</source>
        <translation>Ya no queda ninguno de sus miembros</translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>Patients&apos; page: alarm</source>
        <translation>Página de los pacientes: alarma</translation>
    </message>
    <message>
        <source>Lock (Ctrl+L)</source>
        <translation>Bloquear (Ctrl+L)</translation>
    </message>
    <message>
        <source>Online</source>
        <translation>Conectado</translation>
    </message>
    <message>
        <source>Offline: messages wait here and are sent later</source>
        <translation>Sin conexión: los mensajes esperan aquí y se envían después</translation>
    </message>
    <message>
        <source>Open to patients</source>
        <translation>Abierto a los pacientes</translation>
    </message>
    <message>
        <source>Closed: patients read when you open</source>
        <translation>Cerrado: los pacientes leen cuándo se abre</translation>
    </message>
</context>
<context>
    <name>SystemLock</name>
    <message>
        <source>The desk is locked first</source>
        <translation>Antes se bloquea el puesto</translation>
    </message>
</context>
<context>
    <name>TakeOverDialog</name>
    <message>
        <source>{name} is told, and the patient reads that you answer from now on.</source>
        <translation>Se avisa a {name}, y el paciente lee que usted responde a partir de ahora.</translation>
    </message>
    <message>
        <source>Take over</source>
        <translation>Tomar el relevo</translation>
    </message>
    <message>
        <source>Take over this conversation?</source>
        <translation>¿Tomar el relevo en esta conversación?</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>No colleague has it any more.</source>
        <translation>Ya no la tiene ningún colega.</translation>
    </message>
    <message>
        <source>{name} has had it since {time}.</source>
        <translation>{name} la tiene desde: {time}.</translation>
    </message>
    <message>
        <source>{name} has it.</source>
        <translation>La tiene {name}.</translation>
    </message>
    <message>
        <source>{name} is told. To the patient’s blocked device nothing is sent.</source>
        <translation>Se avisa a {name}. Al dispositivo bloqueado del paciente no se envía nada.</translation>
    </message>
</context>
<context>
    <name>TeamDialog</name>
    <message>
        <source>Choose who is in the team.</source>
        <translation>Elija quién está en el equipo.</translation>
    </message>
</context>
<context>
    <name>TranscriptDelegate</name>
    <message>
        <source>New</source>
        <translation>Nuevo</translation>
    </message>
    <message>
        <source>{name} · clinic</source>
        <translation>{name} · clínica</translation>
    </message>
    <message>
        <source>Internal note</source>
        <translation>Nota interna</translation>
    </message>
    <message>
        <source>{size} · {percent} %</source>
        <translation>{size} · {percent} %</translation>
    </message>
    <message>
        <source>{size} · after the patient check</source>
        <translation>{size} · tras comprobar al paciente</translation>
    </message>
    <message>
        <source>Not sent · Retry</source>
        <translation>No enviado · Reintentar</translation>
    </message>
</context>
<context>
    <name>TranscriptView</name>
    <message>
        <source>Messages</source>
        <translation>Mensajes</translation>
    </message>
    <message numerus="yes">
        <source>%n unread</source>
        <translation>
            <numerusform>%n sin leer</numerusform>
            <numerusform>%n sin leer</numerusform>
        </translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>Reintentar</translation>
    </message>
    <message>
        <source>Open file…</source>
        <translation>Abrir el archivo…</translation>
    </message>
    <message>
        <source>Copy text</source>
        <translation>Copiar el texto</translation>
    </message>
    <message>
        <source>Message details…</source>
        <translation>Detalles del mensaje…</translation>
    </message>
    <message>
        <source>Delete message…</source>
        <translation>Borrar el mensaje…</translation>
    </message>
    <message>
        <source>Newest messages (Alt+End)</source>
        <translation>Mensajes más recientes (Alt+Fin)</translation>
    </message>
    <message>
        <source>First unread message (Alt+Home)</source>
        <translation>Primer mensaje sin leer (Alt+Inicio)</translation>
    </message>
</context>
<context>
    <name>UnlockScreen</name>
    <message>
        <source>Sealdesk is locked</source>
        <translation>Sealdesk está bloqueado</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>Desbloquear</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Frase de acceso</translation>
    </message>
    <message>
        <source>Your PIN opens Sealdesk until {time}, then it takes the passphrase.</source>
        <translation>Su PIN abre Sealdesk (hasta {time}); después hace falta la frase de acceso.</translation>
    </message>
    <message>
        <source>PIN</source>
        <translation>PIN</translation>
    </message>
    <message>
        <source>Use the passphrase</source>
        <translation>Usar la frase de acceso</translation>
    </message>
    <message>
        <source>Use the PIN</source>
        <translation>Usar el PIN</translation>
    </message>
    <message>
        <source>What waits is not known: the relay cannot be reached.</source>
        <translation>No se sabe qué espera: no se puede llegar al servidor de relevo.</translation>
    </message>
    <message numerus="yes">
        <source>%n messages wait, sealed, until you unlock.</source>
        <translation>
            <numerusform>%n mensaje espera, sellado, hasta que desbloquee.</numerusform>
            <numerusform>%n mensajes esperan, sellados, hasta que desbloquee.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n messages waited at {time}; by now it may be more.</source>
        <translation>
            <numerusform>A las {time} esperaba %n mensaje; ahora pueden ser más.</numerusform>
            <numerusform>A las {time} esperaban %n mensajes; ahora pueden ser más.</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing waited at {time}; by now something may.</source>
        <translation>A las {time} no esperaba nada; ahora puede que sí.</translation>
    </message>
    <message>
        <source>Unlocking…</source>
        <translation>Desbloqueando…</translation>
    </message>
    <message>
        <source>Wait {seconds} s</source>
        <translation>Espere {seconds} s</translation>
    </message>
</context>
<context>
    <name>UploadLine</name>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Sending {name} · {percent} %</source>
        <translation>Enviando {name} · {percent} %</translation>
    </message>
    <message>
        <source>Cancel sending {name}</source>
        <translation>Cancelar el envío de {name}</translation>
    </message>
</context>
<context>
    <name>WaitingList</name>
    <message numerus="yes">
        <source>%n workstations ask to join</source>
        <translation>
            <numerusform>%n equipo pide entrar</numerusform>
            <numerusform>%n equipos piden entrar</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>y %n más</numerusform>
            <numerusform>y %n más</numerusform>
        </translation>
    </message>
    <message>
        <source>since {time}</source>
        <translation>desde {time}</translation>
    </message>
    <message>
        <source>{since}: have the six words on its screen read out</source>
        <translation>{since}: pida que lean las seis palabras de su pantalla</translation>
    </message>
    <message>
        <source>Approve…</source>
        <translation>Aprobar…</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Descartar</translation>
    </message>
</context>
<context>
    <name>engine</name>
    <message>
        <source>Patient</source>
        <translation>Paciente</translation>
    </message>
    <message>
        <source>A change of keys was cut off.</source>
        <translation>Un cambio de claves quedó a medias.</translation>
    </message>
    <message>
        <source>A conversation is with you after all.</source>
        <translation>Al final, la conversación es suya.</translation>
    </message>
    <message>
        <source>A conversation is with you now.</source>
        <translation>Ahora usted tiene una conversación más.</translation>
    </message>
    <message>
        <source>A conversation was claimed.</source>
        <translation>Se tomó una conversación.</translation>
    </message>
    <message>
        <source>A conversation was viewed.</source>
        <translation>Se consultó una conversación.</translation>
    </message>
    <message>
        <source>A copy of this profile seems to run elsewhere; this one has stopped receiving.</source>
        <translation>Parece que otra copia de este perfil está en marcha; esta ha dejado de recibir.</translation>
    </message>
    <message>
        <source>A device that was revoked might be shown as a member. Nothing is sent any more.</source>
        <translation>Un dispositivo revocado podría figurar como miembro. Ya no se envía nada.</translation>
    </message>
    <message>
        <source>A device was revoked.</source>
        <translation>Se revocó un dispositivo.</translation>
    </message>
    <message>
        <source>A message could not be delivered.</source>
        <translation>Un mensaje no se pudo entregar.</translation>
    </message>
    <message>
        <source>A message could not be opened.</source>
        <translation>Un mensaje no se pudo abrir.</translation>
    </message>
    <message>
        <source>A message could not be sealed.</source>
        <translation>Un mensaje no se pudo sellar.</translation>
    </message>
    <message>
        <source>A message does not come from the person it names, and was refused.</source>
        <translation>Un mensaje no viene de quien dice, y se rechazó.</translation>
    </message>
    <message>
        <source>A message of {who} from before this one is not on this desk.</source>
        <translation>Un mensaje de {who} anterior a este no está en este puesto.</translation>
    </message>
    <message>
        <source>A message was deleted.</source>
        <translation>Se borró un mensaje.</translation>
    </message>
    <message>
        <source>A patient was checked by an agent.</source>
        <translation>Un agente comprobó a un paciente.</translation>
    </message>
    <message>
        <source>A patient was invited.</source>
        <translation>Se invitó a un paciente.</translation>
    </message>
    <message>
        <source>A patient&apos;s page names another clinic log than this desk&apos;s.</source>
        <translation>La página de un paciente nombra otro registro de la clínica que el de este puesto.</translation>
    </message>
    <message>
        <source>A patient’s code and birth date were checked.</source>
        <translation>Se comprobaron el código y la fecha de nacimiento de un paciente.</translation>
    </message>
    <message>
        <source>A period begins before it ends, and is a year at most.</source>
        <translation>Un periodo empieza antes de acabar y dura un año como máximo.</translation>
    </message>
    <message>
        <source>A proof from the log does not add up.</source>
        <translation>Una prueba del registro no cuadra.</translation>
    </message>
    <message>
        <source>A receipt could not be confirmed, so delivery is not proven.</source>
        <translation>Un acuse no se pudo confirmar: la entrega no está demostrada.</translation>
    </message>
    <message>
        <source>A receipt is missing.</source>
        <translation>Falta un acuse.</translation>
    </message>
    <message>
        <source>A receipt was not accepted.</source>
        <translation>No se aceptó un acuse.</translation>
    </message>
    <message>
        <source>A relay&apos;s address looks like https://relay.example, not “{origin}”.</source>
        <translation>La dirección de un servidor de relevo es como https://relay.example, no «{origin}».</translation>
    </message>
    <message>
        <source>A revoked device might still be listed, so nothing is sent.</source>
        <translation>Un dispositivo revocado podría seguir en la lista, así que no se envía nada.</translation>
    </message>
    <message>
        <source>A sheet has {most} words; here are {count}. Type all of them, in their order.</source>
        <translation>Una hoja tiene {most} palabras; aquí hay {count}. Escríbalas todas, en su orden.</translation>
    </message>
    <message>
        <source>A sheet has {most} words; here is 1. Type all of them, in their order.</source>
        <translation>Una hoja tiene {most} palabras; aquí hay 1. Escríbalas todas, en su orden.</translation>
    </message>
    <message>
        <source>A signed head of a log could not be confirmed.</source>
        <translation>Una cabecera firmada de un registro no se pudo confirmar.</translation>
    </message>
    <message>
        <source>A supervisor can delete what others wrote.</source>
        <translation>Un supervisor puede borrar lo que escribieron otros.</translation>
    </message>
    <message>
        <source>A team was dissolved.</source>
        <translation>Se disolvió un equipo.</translation>
    </message>
    <message>
        <source>A team was set to: {names}.</source>
        <translation>Un equipo quedó formado por: {names}.</translation>
    </message>
    <message>
        <source>A text is longer than a message may be: {limit} bytes.</source>
        <translation>Un texto es más largo que un mensaje: {limit} bytes como máximo.</translation>
    </message>
    <message>
        <source>Add it as a new one.</source>
        <translation>Añádala como nueva.</translation>
    </message>
    <message>
        <source>Administrator {number}</source>
        <translation>Administrador {number}</translation>
    </message>
    <message>
        <source>Administrators’ desks do that.</source>
        <translation>Eso lo hacen los puestos de los administradores.</translation>
    </message>
    <message>
        <source>Admitted at {time} as {role}.</source>
        <translation>Admitido el {time} como {role}.</translation>
    </message>
    <message>
        <source>An administrator has looked into it and cleared it.</source>
        <translation>Un administrador lo ha revisado y lo ha dado por resuelto.</translation>
    </message>
    <message>
        <source>An administrator has signed what is served, or has looked into it.</source>
        <translation>Un administrador ha firmado lo que se sirve, o lo ha revisado.</translation>
    </message>
    <message>
        <source>An administrator’s key was replaced. The old one counts for nothing any more.</source>
        <translation>Se sustituyó la clave de un administrador. La antigua ya no vale nada.</translation>
    </message>
    <message>
        <source>An alarm stands: {code}.</source>
        <translation>Hay una alarma: {code}.</translation>
    </message>
    <message>
        <source>An alarm was raised or ended.</source>
        <translation>Empezó o terminó una alarma.</translation>
    </message>
    <message>
        <source>An entry of the clinic&apos;s log is not valid and was refused.</source>
        <translation>Una anotación del registro de la clínica no es válida y se rechazó.</translation>
    </message>
    <message>
        <source>An old message was delivered again, and was ignored.</source>
        <translation>Un mensaje antiguo llegó otra vez y no se tuvo en cuenta.</translation>
    </message>
    <message>
        <source>An older version of the patients&apos; page is served than before.</source>
        <translation>Se sirve una versión de la página de los pacientes más antigua que antes.</translation>
    </message>
    <message>
        <source>Another device signed a receipt that never arrived here. Somebody may be holding receipts back.</source>
        <translation>Otro dispositivo firmó un acuse que nunca llegó aquí. Alguien podría estar reteniendo acuses.</translation>
    </message>
    <message>
        <source>Another program reads this device&apos;s mailbox.</source>
        <translation>Otro programa lee el buzón de este dispositivo.</translation>
    </message>
    <message>
        <source>Ask a colleague whose workstation has it, or tell the patient that it is gone.</source>
        <translation>Pídaselo a un colega que lo tenga en su equipo, o diga al paciente que ya no existe.</translation>
    </message>
    <message>
        <source>Ask a supervisor to unlock Sealdesk, or the administrator to run sealdesk-admin renew.</source>
        <translation>Pida a un supervisor que desbloquee Sealdesk, o al administrador que ejecute sealdesk-admin renew.</translation>
    </message>
    <message>
        <source>Ask one of them.</source>
        <translation>Pídaselo a uno de ellos.</translation>
    </message>
    <message>
        <source>Ask one.</source>
        <translation>Pídaselo a uno.</translation>
    </message>
    <message>
        <source>Ask the sender to send it again.</source>
        <translation>Pida al remitente que lo envíe de nuevo.</translation>
    </message>
    <message>
        <source>Ask your administrator, who can enrol it anew.</source>
        <translation>Acuda a su administrador, que puede darlo de alta de nuevo.</translation>
    </message>
    <message>
        <source>Attach it again if it is to be sent.</source>
        <translation>Adjúntelo de nuevo si debe enviarse.</translation>
    </message>
    <message>
        <source>Begin another conversation, and tell your administrator.</source>
        <translation>Empiece otra conversación y avise a su administrador.</translation>
    </message>
    <message>
        <source>Breach scope of {name}</source>
        <translation>Alcance de la brecha: {name}</translation>
    </message>
    <message>
        <source>Call the clinic and ask for a new link.</source>
        <translation>Llame a la clínica y pida un enlace nuevo.</translation>
    </message>
    <message>
        <source>Call the patient on a number you know, compare the safety number, and try again.</source>
        <translation>Llame al paciente a un número que usted conozca, compare el número de seguridad e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>Call the patient, and invite their new device.</source>
        <translation>Llame al paciente e invite a su dispositivo nuevo.</translation>
    </message>
    <message>
        <source>Call your administrator now, by telephone.</source>
        <translation>Llame ahora a su administrador, por teléfono.</translation>
    </message>
    <message>
        <source>Call your administrator now, by telephone. Do not go on in another program.</source>
        <translation>Llame ahora a su administrador, por teléfono. No siga en otro programa.</translation>
    </message>
    <message>
        <source>Call your administrator now, by telephone. Invite nobody until this is cleared.</source>
        <translation>Llame ahora a su administrador, por teléfono. No invite a nadie hasta que esto se resuelva.</translation>
    </message>
    <message>
        <source>Check it and try again.</source>
        <translation>Compruébela e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>Choose another conversation, or invite the patient again under the same details.</source>
        <translation>Elija otra conversación, o invite de nuevo al paciente con los mismos datos.</translation>
    </message>
    <message>
        <source>Choose another one.</source>
        <translation>Elija otro.</translation>
    </message>
    <message>
        <source>Choose another place, or make room there, then try again.</source>
        <translation>Elija otro lugar, o libere espacio allí, e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>Choose one of the roles agent, supervisor, administrator and auditor.</source>
        <translation>Elija una de las funciones: agente, supervisor, administrador o auditor.</translation>
    </message>
    <message>
        <source>Choose other days.</source>
        <translation>Elija otros días.</translation>
    </message>
    <message>
        <source>Choose somebody else.</source>
        <translation>Elija a otra persona.</translation>
    </message>
    <message>
        <source>Choose the next one, or ask to have it handed to you.</source>
        <translation>Elija la siguiente, o pida que se la traspasen.</translation>
    </message>
    <message>
        <source>Choose why: stolen, left or replaced.</source>
        <translation>Elija por qué: robado, se fue o sustituido.</translation>
    </message>
    <message>
        <source>Clinic: {name}</source>
        <translation>Clínica: {name}</translation>
    </message>
    <message>
        <source>Close Sealdesk and open it again. If this comes back, tell your administrator.</source>
        <translation>Cierre Sealdesk y ábralo de nuevo. Si vuelve a ocurrir, avise a su administrador.</translation>
    </message>
    <message>
        <source>Close the other copy, lock and unlock here. If there is no other copy, tell your administrator.</source>
        <translation>Cierre la otra copia; bloquee y desbloquee aquí. Si no hay otra copia, avise a su administrador.</translation>
    </message>
    <message>
        <source>Copied {when} by {who}. Times are UTC.</source>
        <translation>Copiado: {when}, por {who}. Las horas son UTC.</translation>
    </message>
    <message>
        <source>Delete one that you no longer use.</source>
        <translation>Borre una que ya no use.</translation>
    </message>
    <message>
        <source>Delete the message if nobody is to keep it.</source>
        <translation>Borre el mensaje si nadie debe conservarlo.</translation>
    </message>
    <message>
        <source>Device: {name}, number {number}</source>
        <translation>Dispositivo: {name}, número {number}</translation>
    </message>
    <message>
        <source>Do not continue with this contact; tell your administrator.</source>
        <translation>No siga con este contacto; avise a su administrador.</translation>
    </message>
    <message>
        <source>Do not rely on it; ask for the bundle again, by another way.</source>
        <translation>No se fíe de él; pida el paquete otra vez, por otra vía.</translation>
    </message>
    <message>
        <source>Do not rely on it; tell your administrator.</source>
        <translation>No se fíe; avise a su administrador.</translation>
    </message>
    <message>
        <source>Do not rely on it; tell your administrator: the log may be tampered with.</source>
        <translation>No se fíe; avise a su administrador: el registro podría estar manipulado.</translation>
    </message>
    <message>
        <source>Earlier messages were sent to a patient’s new phone.</source>
        <translation>Se enviaron mensajes anteriores al teléfono nuevo de un paciente.</translation>
    </message>
    <message>
        <source>Fri</source>
        <translation>vie</translation>
    </message>
    <message>
        <source>From now on {count} administrators must agree on great changes.</source>
        <translation>A partir de ahora {count} administradores deben estar de acuerdo en los cambios grandes.</translation>
    </message>
    <message>
        <source>Give day, month and the year in four digits, such as 1984-03-27.</source>
        <translation>Indique el día, el mes y el año con cuatro cifras, por ejemplo 1984-03-27.</translation>
    </message>
    <message>
        <source>Give it in digits, such as 5550142987.</source>
        <translation>Indíquelo en cifras, por ejemplo 5550142987.</translation>
    </message>
    <message>
        <source>Give it one by which you find it.</source>
        <translation>Póngale uno con el que la encuentre.</translation>
    </message>
    <message>
        <source>Go on working.</source>
        <translation>Siga trabajando.</translation>
    </message>
    <message>
        <source>Go on working. Invite again whoever has not passed the check yet.</source>
        <translation>Siga trabajando. Invite de nuevo a quien todavía no haya superado la comprobación.</translation>
    </message>
    <message>
        <source>Go on working. It takes less than a minute.</source>
        <translation>Siga trabajando. Tarda menos de un minuto.</translation>
    </message>
    <message>
        <source>Go on working. What waited is sent now.</source>
        <translation>Siga trabajando. Lo que esperaba se envía ahora.</translation>
    </message>
    <message>
        <source>Have the desk that it is from export it again, and ask why this one was changed.</source>
        <translation>Pida al puesto de origen que lo exporte otra vez, y pregunte por qué se cambió este.</translation>
    </message>
    <message>
        <source>Hidden data in this kind of picture cannot be removed.</source>
        <translation>Los datos ocultos de este tipo de imagen no se pueden quitar.</translation>
    </message>
    <message>
        <source>If this goes on, this desk stops sending.</source>
        <translation>Si esto sigue así, este puesto dejará de enviar.</translation>
    </message>
    <message>
        <source>If this happens again, tell your administrator.</source>
        <translation>Si vuelve a ocurrir, avise a su administrador.</translation>
    </message>
    <message>
        <source>If you did not expect this, call your administrator now, by telephone.</source>
        <translation>Si no lo esperaba, llame ahora a su administrador, por teléfono.</translation>
    </message>
    <message>
        <source>Invite the patient again if you need to write.</source>
        <translation>Invite de nuevo al paciente si necesita escribirle.</translation>
    </message>
    <message>
        <source>Invited patient {mark}</source>
        <translation>Paciente invitado {mark}</translation>
    </message>
    <message>
        <source>It arrived at this desk.</source>
        <translation>Llegó a este puesto.</translation>
    </message>
    <message>
        <source>It can neither send nor receive. Its keys and all that it kept were erased, but for its audit log, which is sealed for the auditor: {file}.</source>
        <translation>No puede enviar ni recibir. Sus claves y todo lo que guardaba se han borrado, salvo su registro de auditoría, que queda sellado para el auditor: {file}.</translation>
    </message>
    <message>
        <source>It comes from {name}.</source>
        <translation>Viene de {name}.</translation>
    </message>
    <message>
        <source>It could read all that was said before too: the policy let new devices have it.</source>
        <translation>También podía leer todo lo que se dijo antes: las normas lo permitían a los dispositivos nuevos.</translation>
    </message>
    <message>
        <source>It could read no conversation: an auditor’s device is sent none.</source>
        <translation>No podía leer ninguna conversación: al dispositivo de un auditor no se le envía ninguna.</translation>
    </message>
    <message>
        <source>It could read what was said from {time} on; nothing older was sent to it.</source>
        <translation>Podía leer lo que se dijo desde el {time}; no se le envió nada anterior.</translation>
    </message>
    <message>
        <source>It has no text.</source>
        <translation>No tiene texto.</translation>
    </message>
    <message>
        <source>It has no title.</source>
        <translation>No tiene título.</translation>
    </message>
    <message>
        <source>It has not been revoked: what follows grows with every message.</source>
        <translation>No se ha revocado: lo que sigue crece con cada mensaje.</translation>
    </message>
    <message>
        <source>It holds something that is not text.</source>
        <translation>Contiene algo que no es texto.</translation>
    </message>
    <message>
        <source>It is fetched again by itself; if this stays, check the connection.</source>
        <translation>Se vuelve a pedir solo; si esto sigue, revise la conexión.</translation>
    </message>
    <message>
        <source>It is kept as evidence. Tell your administrator.</source>
        <translation>Se conserva como prueba. Avise a su administrador.</translation>
    </message>
    <message>
        <source>It is no longer here.</source>
        <translation>Ya no está aquí.</translation>
    </message>
    <message>
        <source>It is on the relay&apos;s disk for {who}.</source>
        <translation>Está en el disco del servidor de relevo para {who}.</translation>
    </message>
    <message>
        <source>It may be down for patients too, or this desk does not know its address.</source>
        <translation>Quizá tampoco funcione para los pacientes, o este puesto no conoce su dirección.</translation>
    </message>
    <message>
        <source>It may have been deleted.</source>
        <translation>Quizá se haya borrado.</translation>
    </message>
    <message>
        <source>It may have faults that were mended since, and that whoever serves it knows.</source>
        <translation>Puede tener fallos que después se corrigieron y que conoce quien la sirve.</translation>
    </message>
    <message>
        <source>It may not have arrived yet, or it was removed.</source>
        <translation>Quizá no haya llegado todavía, o se quitó.</translation>
    </message>
    <message>
        <source>It stands among those that are yours.</source>
        <translation>Está entre las suyas.</translation>
    </message>
    <message>
        <source>It waits to be sent to {who}.</source>
        <translation>Está pendiente de envío a {who}.</translation>
    </message>
    <message>
        <source>It was cancelled before it was complete.</source>
        <translation>Se canceló antes de estar completo.</translation>
    </message>
    <message>
        <source>It was deleted at this desk by the clinic&apos;s retention.</source>
        <translation>Se borró en este puesto por el plazo de conservación de la clínica.</translation>
    </message>
    <message>
        <source>It was deleted at this desk.</source>
        <translation>Se borró en este puesto.</translation>
    </message>
    <message>
        <source>It was exported at this desk.</source>
        <translation>Se exportó en este puesto.</translation>
    </message>
    <message>
        <source>It was printed at this desk.</source>
        <translation>Se imprimió en este puesto.</translation>
    </message>
    <message>
        <source>It was read by {who}.</source>
        <translation>Lo leyó {who}.</translation>
    </message>
    <message>
        <source>It was received by {who}.</source>
        <translation>Lo recibió {who}.</translation>
    </message>
    <message>
        <source>It was refused by the relay for {who}.</source>
        <translation>El servidor de relevo lo rechazó para {who}.</translation>
    </message>
    <message>
        <source>It was rejected by {who}.</source>
        <translation>Lo rechazó {who}.</translation>
    </message>
    <message>
        <source>It was too late to cancel.</source>
        <translation>Era demasiado tarde para cancelar.</translation>
    </message>
    <message>
        <source>It was viewed at this desk.</source>
        <translation>Se consultó en este puesto.</translation>
    </message>
    <message>
        <source>Its author signed two different messages in this place. Tell your administrator.</source>
        <translation>Su autor firmó dos mensajes distintos en este lugar. Avise a su administrador.</translation>
    </message>
    <message>
        <source>Its keys are in memory now: it is the device that made this report.</source>
        <translation>Sus claves están ahora en memoria: es el dispositivo que hizo este informe.</translation>
    </message>
    <message>
        <source>Its message keys were used before, so new ones were made. Its open invitations can no longer be checked.</source>
        <translation>Sus claves de mensajes ya se habían usado, así que se crearon otras. Sus invitaciones abiertas ya no se pueden comprobar.</translation>
    </message>
    <message>
        <source>Its proofs do not hold for this clinic. sealdesk-verify tells where.</source>
        <translation>Sus pruebas no son válidas para esta clínica. sealdesk-verify dice dónde.</translation>
    </message>
    <message>
        <source>Its title is longer than {limit} bytes.</source>
        <translation>Su título ocupa más de {limit} bytes.</translation>
    </message>
    <message>
        <source>Look at each field, correct it, and try again.</source>
        <translation>Revise cada campo, corríjalo e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>Look at the list again.</source>
        <translation>Mire otra vez la lista.</translation>
    </message>
    <message>
        <source>Look at the log as it is now, and sign a change that fits it.</source>
        <translation>Mire el registro tal como está ahora y firme un cambio que encaje.</translation>
    </message>
    <message>
        <source>Look for the message marked red and choose Retry, or call.</source>
        <translation>Busque el mensaje marcado en rojo y elija Reintentar, o llame.</translation>
    </message>
    <message>
        <source>Made at {time} at this desk.</source>
        <translation>Hecho el {time} en este puesto.</translation>
    </message>
    <message>
        <source>Make it smaller, or send it in several parts.</source>
        <translation>Redúzcalo, o envíelo en varias partes.</translation>
    </message>
    <message>
        <source>Messages are missing here. They may still arrive.</source>
        <translation>Aquí faltan mensajes. Todavía pueden llegar.</translation>
    </message>
    <message>
        <source>Mon</source>
        <translation>lun</translation>
    </message>
    <message>
        <source>No administrator of this clinic has signed the patients&apos; page that is served.</source>
        <translation>Ningún administrador de esta clínica ha firmado la página de los pacientes que se sirve.</translation>
    </message>
    <message>
        <source>No new sheets were made.</source>
        <translation>No se hicieron hojas nuevas.</translation>
    </message>
    <message>
        <source>Nobody can take it.</source>
        <translation>Nadie puede tomarla.</translation>
    </message>
    <message>
        <source>Nobody can tell whether it is the right one.</source>
        <translation>Nadie puede saber si es la correcta.</translation>
    </message>
    <message>
        <source>Nobody has checked yet that this device is the patient&apos;s. The code of an invitation is not enough for this.</source>
        <translation>Nadie ha comprobado todavía que este dispositivo sea del paciente. El código de una invitación no basta para esto.</translation>
    </message>
    <message>
        <source>Nobody has confirmed the list of the clinic&apos;s devices for too long.</source>
        <translation>Hace demasiado que nadie confirma la lista de dispositivos de la clínica.</translation>
    </message>
    <message>
        <source>Nobody has confirmed the list of the clinic&apos;s devices lately.</source>
        <translation>Últimamente nadie ha confirmado la lista de dispositivos de la clínica.</translation>
    </message>
    <message>
        <source>Nothing is sent or received until it is started again. What was stored is safe.</source>
        <translation>No se envía ni se recibe nada hasta que se inicie de nuevo. Lo guardado está a salvo.</translation>
    </message>
    <message>
        <source>Nothing to do. If it happens often, tell your administrator.</source>
        <translation>No hay que hacer nada. Si ocurre a menudo, avise a su administrador.</translation>
    </message>
    <message>
        <source>Nothing was accepted. If it happens again, tell your administrator.</source>
        <translation>No se aceptó nada. Si vuelve a ocurrir, avise a su administrador.</translation>
    </message>
    <message>
        <source>Nothing was deleted.</source>
        <translation>No se borró nada.</translation>
    </message>
    <message>
        <source>Nothing was sent.</source>
        <translation>No se envió nada.</translation>
    </message>
    <message>
        <source>Nothing was sent. Tell your administrator: the relay may be tampered with.</source>
        <translation>No se envió nada. Avise a su administrador: el servidor de relevo podría estar manipulado.</translation>
    </message>
    <message>
        <source>Nothing was signed.</source>
        <translation>No se firmó nada.</translation>
    </message>
    <message>
        <source>Older ones appear in the list as they are read.</source>
        <translation>Las más antiguas aparecen en la lista a medida que se leen.</translation>
    </message>
    <message>
        <source>On hold</source>
        <translation>Retenida</translation>
    </message>
    <message>
        <source>Only a supervisor or an administrator may do it.</source>
        <translation>Solo puede hacerlo un supervisor o un administrador.</translation>
    </message>
    <message>
        <source>Open it, save it anew, and send the new file.</source>
        <translation>Ábrala, guárdela de nuevo y envíe el archivo nuevo.</translation>
    </message>
    <message>
        <source>Open the conversation and attach it again.</source>
        <translation>Abra la conversación y adjúntelo de nuevo.</translation>
    </message>
    <message>
        <source>Open the page in a browser. If it works there, tell your administrator.</source>
        <translation>Abra la página en un navegador. Si ahí funciona, avise a su administrador.</translation>
    </message>
    <message>
        <source>Photo</source>
        <translation>Foto</translation>
    </message>
    <message>
        <source>Photo · {caption}</source>
        <translation>Foto · {caption}</translation>
    </message>
    <message>
        <source>Print the recovery kit first.</source>
        <translation>Imprima primero el kit de recuperación.</translation>
    </message>
    <message>
        <source>Refresh, look at it again, then sign.</source>
        <translation>Actualice, vuelva a mirarlo y firme después.</translation>
    </message>
    <message>
        <source>Reopen it first.</source>
        <translation>Reábrala primero.</translation>
    </message>
    <message>
        <source>Revoked at {time}: {reason}. Desks that have heard of it encrypt nothing to it.</source>
        <translation>Revocado el {time}: {reason}. Los puestos que se han enterado no cifran nada para él.</translation>
    </message>
    <message>
        <source>Safety number: {number}</source>
        <translation>Número de seguridad: {number}</translation>
    </message>
    <message>
        <source>Sat</source>
        <translation>sáb</translation>
    </message>
    <message>
        <source>Save it as JPEG or PNG first.</source>
        <translation>Guárdela primero como JPEG o PNG.</translation>
    </message>
    <message>
        <source>Sealdesk ended while it was on its way to {patient}.</source>
        <translation>Sealdesk se cerró mientras iba de camino a {patient}.</translation>
    </message>
    <message>
        <source>Sealdesk has stopped working in the background.</source>
        <translation>Sealdesk ha dejado de funcionar en segundo plano.</translation>
    </message>
    <message>
        <source>Sealdesk is locked.</source>
        <translation>Sealdesk está bloqueado.</translation>
    </message>
    <message>
        <source>Sealdesk made a mistake.</source>
        <translation>Sealdesk ha cometido un error.</translation>
    </message>
    <message>
        <source>Sealdesk was locked, since its store is damaged.</source>
        <translation>Sealdesk se bloqueó porque su almacén está dañado.</translation>
    </message>
    <message>
        <source>Sealdesk was not unlocked.</source>
        <translation>Sealdesk no se desbloqueó.</translation>
    </message>
    <message>
        <source>Sealdesk was updated and reads all conversations once more.</source>
        <translation>Sealdesk se actualizó y vuelve a leer todas las conversaciones.</translation>
    </message>
    <message>
        <source>Sending has stopped. An administrator must find out why before it continues.</source>
        <translation>El envío se ha detenido. Un administrador debe averiguar por qué antes de continuar.</translation>
    </message>
    <message>
        <source>Shorten the text.</source>
        <translation>Acorte el texto.</translation>
    </message>
    <message>
        <source>Shorten the title.</source>
        <translation>Acorte el título.</translation>
    </message>
    <message>
        <source>Somebody has made this conversation impossible to continue.</source>
        <translation>Alguien ha hecho imposible continuar esta conversación.</translation>
    </message>
    <message>
        <source>Somebody may be showing that patient false members. Their message was not accepted.</source>
        <translation>Alguien podría estar mostrando a ese paciente miembros falsos. Su mensaje no se aceptó.</translation>
    </message>
    <message>
        <source>Somebody may be showing your devices different members. Nothing is sent any more.</source>
        <translation>Alguien podría estar mostrando a sus dispositivos miembros distintos. Ya no se envía nada.</translation>
    </message>
    <message>
        <source>Somebody signed two different messages in one place. Tell your administrator.</source>
        <translation>Alguien firmó dos mensajes distintos en un mismo lugar. Avise a su administrador.</translation>
    </message>
    <message>
        <source>Somebody tried to do what their role does not allow; it has no effect.</source>
        <translation>Alguien intentó hacer lo que su función no permite; no tiene efecto.</translation>
    </message>
    <message>
        <source>Somebody tried to open a connection without proving who they are.</source>
        <translation>Alguien intentó abrir una conexión sin demostrar quién es.</translation>
    </message>
    <message>
        <source>Somebody tried to unlock the desk and could not.</source>
        <translation>Alguien intentó desbloquear el puesto y no pudo.</translation>
    </message>
    <message>
        <source>Something arrived in a form that this program does not accept.</source>
        <translation>Llegó algo en una forma que este programa no acepta.</translation>
    </message>
    <message>
        <source>Something arrived that this program cannot read.</source>
        <translation>Llegó algo que este programa no puede leer.</translation>
    </message>
    <message>
        <source>Something here did not succeed.</source>
        <translation>Algo no se pudo completar aquí.</translation>
    </message>
    <message>
        <source>Something was exported.</source>
        <translation>Se exportó algo.</translation>
    </message>
    <message>
        <source>Something was printed.</source>
        <translation>Se imprimió algo.</translation>
    </message>
    <message>
        <source>Something was received.</source>
        <translation>Se recibió algo.</translation>
    </message>
    <message>
        <source>Something was taken out of the desk.</source>
        <translation>Se sacó algo del puesto.</translation>
    </message>
    <message>
        <source>Something was written.</source>
        <translation>Se escribió algo.</translation>
    </message>
    <message>
        <source>Something you typed is not in the form it should have.</source>
        <translation>Algo de lo que escribió no tiene la forma debida.</translation>
    </message>
    <message>
        <source>Start Sealdesk again: it is tried once more. Until then give this workstation to nobody.</source>
        <translation>Inicie Sealdesk otra vez: se intentará de nuevo. Hasta entonces no entregue este puesto a nadie.</translation>
    </message>
    <message>
        <source>Sun</source>
        <translation>dom</translation>
    </message>
    <message>
        <source>Supervisors, administrators and auditors review them.</source>
        <translation>Los revisan supervisores, administradores y auditores.</translation>
    </message>
    <message>
        <source>Take at most a thousand letters.</source>
        <translation>Use mil letras como máximo.</translation>
    </message>
    <message>
        <source>Tell your administrator, and speak with the patient by telephone.</source>
        <translation>Avise a su administrador y hable con el paciente por teléfono.</translation>
    </message>
    <message>
        <source>Tell your administrator, who signs it with sealdesk-admin page.</source>
        <translation>Avise a su administrador, que la firma con sealdesk-admin page.</translation>
    </message>
    <message>
        <source>Tell your administrator.</source>
        <translation>Avise a su administrador.</translation>
    </message>
    <message>
        <source>Tell your administrator: somebody may be tampering with messages.</source>
        <translation>Avise a su administrador: alguien podría estar manipulando mensajes.</translation>
    </message>
    <message>
        <source>Tell your administrator: the log may be tampered with.</source>
        <translation>Avise a su administrador: el registro podría estar manipulado.</translation>
    </message>
    <message>
        <source>That colleague or team can receive no messages: access has ended, or the role is auditor.</source>
        <translation>Ese colega o equipo no puede recibir mensajes: su acceso ha terminado, o su función es auditor.</translation>
    </message>
    <message>
        <source>The PIN does not open Sealdesk any more.</source>
        <translation>El PIN ya no abre Sealdesk.</translation>
    </message>
    <message>
        <source>The PIN was not changed.</source>
        <translation>El PIN no se cambió.</translation>
    </message>
    <message>
        <source>The administrator&apos;s key was not opened.</source>
        <translation>La clave del administrador no se abrió.</translation>
    </message>
    <message>
        <source>The administrator&apos;s key was not replaced.</source>
        <translation>La clave del administrador no se sustituyó.</translation>
    </message>
    <message>
        <source>The alarm about the clinic&apos;s log is over.</source>
        <translation>La alarma sobre el registro de la clínica ha terminado.</translation>
    </message>
    <message>
        <source>The alarm about the patients&apos; page is over.</source>
        <translation>La alarma sobre la página de los pacientes ha terminado.</translation>
    </message>
    <message>
        <source>The audit log does not tell of this lock.</source>
        <translation>El registro de auditoría no recoge este bloqueo.</translation>
    </message>
    <message>
        <source>The audit logs are not shown at this desk.</source>
        <translation>Los registros de auditoría no se muestran en este puesto.</translation>
    </message>
    <message>
        <source>The audit logs were not read.</source>
        <translation>Los registros de auditoría no se leyeron.</translation>
    </message>
    <message>
        <source>The audit logs were reviewed.</source>
        <translation>Se revisaron los registros de auditoría.</translation>
    </message>
    <message>
        <source>The beginning of that conversation is no longer on this workstation, and without it nobody can prove whose it is.</source>
        <translation>El principio de esa conversación ya no está en este equipo, y sin él nadie puede demostrar de quién es.</translation>
    </message>
    <message>
        <source>The bundle was not written.</source>
        <translation>El paquete no se escribió.</translation>
    </message>
    <message>
        <source>The clinic has no such device.</source>
        <translation>La clínica no tiene ese dispositivo.</translation>
    </message>
    <message>
        <source>The clinic is not administered at this desk.</source>
        <translation>La clínica no se administra en este puesto.</translation>
    </message>
    <message>
        <source>The clinic is not founded yet.</source>
        <translation>La clínica aún no está creada.</translation>
    </message>
    <message>
        <source>The clinic log was not vouched for.</source>
        <translation>No se dio fe del registro de la clínica.</translation>
    </message>
    <message>
        <source>The clinic moved to the relay {relay}.</source>
        <translation>La clínica pasó al servidor de relevo {relay}.</translation>
    </message>
    <message>
        <source>The clinic {name} was founded, with the relay {relay}.</source>
        <translation>Se creó la clínica {name}, con el servidor de relevo {relay}.</translation>
    </message>
    <message>
        <source>The clinic&apos;s administrator key was replaced.</source>
        <translation>La clave de administrador de la clínica se sustituyó.</translation>
    </message>
    <message>
        <source>The clinic&apos;s log exists in two versions.</source>
        <translation>El registro de la clínica existe en dos versiones.</translation>
    </message>
    <message>
        <source>The clinic&apos;s log has grown, and what is new could not be confirmed.</source>
        <translation>El registro de la clínica ha crecido, y lo nuevo no se pudo confirmar.</translation>
    </message>
    <message>
        <source>The conversation was not handed over.</source>
        <translation>La conversación no se traspasó.</translation>
    </message>
    <message>
        <source>The conversations stay where they are.</source>
        <translation>Las conversaciones se quedan donde están.</translation>
    </message>
    <message>
        <source>The conversations were searched.</source>
        <translation>Se buscó en las conversaciones.</translation>
    </message>
    <message>
        <source>The copy was not made.</source>
        <translation>La copia no se hizo.</translation>
    </message>
    <message>
        <source>The copy was not written.</source>
        <translation>La copia no se escribió.</translation>
    </message>
    <message>
        <source>The desk raised an alarm.</source>
        <translation>El puesto dio una alarma.</translation>
    </message>
    <message>
        <source>The desk was locked.</source>
        <translation>El puesto se bloqueó.</translation>
    </message>
    <message>
        <source>The desk was unlocked.</source>
        <translation>El puesto se desbloqueó.</translation>
    </message>
    <message>
        <source>The device that has them is still active.</source>
        <translation>El dispositivo que las tiene sigue activo.</translation>
    </message>
    <message>
        <source>The device was not revoked.</source>
        <translation>El dispositivo no se revocó.</translation>
    </message>
    <message>
        <source>The earlier messages were not sent.</source>
        <translation>Los mensajes anteriores no se enviaron.</translation>
    </message>
    <message>
        <source>The figures were not made.</source>
        <translation>Las cifras no se elaboraron.</translation>
    </message>
    <message>
        <source>The figures were not written.</source>
        <translation>Las cifras no se escribieron.</translation>
    </message>
    <message>
        <source>The file arrived damaged and was not opened.</source>
        <translation>El archivo llegó dañado y no se abrió.</translation>
    </message>
    <message>
        <source>The file is complete, and its message is on its way.</source>
        <translation>El archivo está completo y su mensaje va en camino.</translation>
    </message>
    <message>
        <source>The file was not handled.</source>
        <translation>El archivo no se procesó.</translation>
    </message>
    <message>
        <source>The file was not saved.</source>
        <translation>El archivo no se guardó.</translation>
    </message>
    <message>
        <source>The file was not sent.</source>
        <translation>El archivo no se envió.</translation>
    </message>
    <message>
        <source>The first of {first}, the last of {last}.</source>
        <translation>La primera es del {first}, la última del {last}.</translation>
    </message>
    <message>
        <source>The hours were not told.</source>
        <translation>El horario no se comunicó.</translation>
    </message>
    <message>
        <source>The invitation cannot be shown.</source>
        <translation>La invitación no se puede mostrar.</translation>
    </message>
    <message>
        <source>The invitation is not cancelled at the relay.</source>
        <translation>La invitación no está cancelada en el servidor de relevo.</translation>
    </message>
    <message>
        <source>The invitation is not ready.</source>
        <translation>La invitación no está lista.</translation>
    </message>
    <message>
        <source>The keyring holds keys for this profile already.</source>
        <translation>El llavero ya contiene claves de este perfil.</translation>
    </message>
    <message>
        <source>The keyring holds no keys for this profile.</source>
        <translation>El llavero no contiene claves de este perfil.</translation>
    </message>
    <message>
        <source>The message is gone already, or it is somebody else&apos;s.</source>
        <translation>El mensaje ya no existe, o es de otra persona.</translation>
    </message>
    <message>
        <source>The message waits until that device has been online; ask its owner to open Sealdesk.</source>
        <translation>El mensaje espera hasta que ese dispositivo se conecte; pida a su dueño que abra Sealdesk.</translation>
    </message>
    <message>
        <source>The message was not deleted.</source>
        <translation>El mensaje no se borró.</translation>
    </message>
    <message>
        <source>The message was not sent.</source>
        <translation>El mensaje no se envió.</translation>
    </message>
    <message>
        <source>The name was not kept.</source>
        <translation>El nombre no se guardó.</translation>
    </message>
    <message>
        <source>The note was not sent.</source>
        <translation>La nota no se envió.</translation>
    </message>
    <message>
        <source>The old key can admit and revoke nobody any more. Both keepers&apos; sheets, or the old key, were needed for this.</source>
        <translation>La clave antigua ya no puede admitir ni revocar a nadie. Para esto hicieron falta las hojas de los dos depositarios, o la clave antigua.</translation>
    </message>
    <message>
        <source>The picture cannot be shown.</source>
        <translation>La imagen no se puede mostrar.</translation>
    </message>
    <message>
        <source>The policy was not changed.</source>
        <translation>Las normas no se cambiaron.</translation>
    </message>
    <message>
        <source>The receipts for the two messages did not come.</source>
        <translation>No llegaron los acuses de los dos mensajes.</translation>
    </message>
    <message>
        <source>The relay calls itself {origin}. Use that address, or correct the relay&apos;s --origin.</source>
        <translation>El servidor de relevo se llama {origin}. Use esa dirección, o corrija el --origin del servidor de relevo.</translation>
    </message>
    <message>
        <source>The relay cannot be reached.</source>
        <translation>No se puede conectar con el servidor de relevo.</translation>
    </message>
    <message>
        <source>The relay cannot take this now.</source>
        <translation>El servidor de relevo no puede atender esto ahora.</translation>
    </message>
    <message>
        <source>The relay did not accept the self-check&apos;s message. Tell your administrator.</source>
        <translation>El servidor de relevo no aceptó el mensaje de la prueba. Avise a su administrador.</translation>
    </message>
    <message>
        <source>The relay does not accept this device&apos;s proof of who it is.</source>
        <translation>El servidor de relevo no acepta la prueba de identidad de este dispositivo.</translation>
    </message>
    <message>
        <source>The relay ended the connection.</source>
        <translation>El servidor de relevo terminó la conexión.</translation>
    </message>
    <message>
        <source>The relay has witnessed another state of the log.</source>
        <translation>El servidor de relevo dio fe de otro estado del registro.</translation>
    </message>
    <message>
        <source>The relay holds another clinic log than this device.</source>
        <translation>El servidor de relevo tiene otro registro de la clínica que este dispositivo.</translation>
    </message>
    <message>
        <source>The relay refused this ({problem}).</source>
        <translation>El servidor de relevo rechazó esto ({problem}).</translation>
    </message>
    <message>
        <source>The relay&apos;s answer is not what it must be, and was not believed.</source>
        <translation>La respuesta del servidor de relevo no es la que debe ser, y no se le dio crédito.</translation>
    </message>
    <message>
        <source>The reply was not deleted.</source>
        <translation>La respuesta no se borró.</translation>
    </message>
    <message>
        <source>The review was not signed.</source>
        <translation>La revisión no se firmó.</translation>
    </message>
    <message>
        <source>The role was not changed.</source>
        <translation>La función no se cambió.</translation>
    </message>
    <message>
        <source>The self-check did not begin.</source>
        <translation>La prueba no empezó.</translation>
    </message>
    <message>
        <source>The store cannot be read or written.</source>
        <translation>El almacén no se puede leer o escribir.</translation>
    </message>
    <message>
        <source>The store does not open with this key, or is not Sealdesk&apos;s.</source>
        <translation>El almacén no se abre con esta clave, o no es de Sealdesk.</translation>
    </message>
    <message>
        <source>The store is damaged.</source>
        <translation>El almacén está dañado.</translation>
    </message>
    <message>
        <source>The store is in use by another Sealdesk.</source>
        <translation>Otro Sealdesk está usando el almacén.</translation>
    </message>
    <message>
        <source>The store refused a write that contradicts what it holds.</source>
        <translation>El almacén rechazó un cambio que contradice lo que contiene.</translation>
    </message>
    <message>
        <source>The store was written by a newer Sealdesk.</source>
        <translation>El almacén lo escribió un Sealdesk más nuevo.</translation>
    </message>
    <message>
        <source>The system does not allow it there.</source>
        <translation>El sistema no lo permite allí.</translation>
    </message>
    <message>
        <source>The system&apos;s keyring did not answer.</source>
        <translation>El llavero del sistema no respondió.</translation>
    </message>
    <message>
        <source>The team was not changed.</source>
        <translation>El equipo no se cambió.</translation>
    </message>
    <message>
        <source>The two sheets do not fit together. Compare each with the paper, word by word.</source>
        <translation>Las dos hojas no encajan. Compare cada una con el papel, palabra por palabra.</translation>
    </message>
    <message>
        <source>The word number {place} is on no sheet. Compare it with the paper.</source>
        <translation>La palabra número {place} no está en ninguna hoja. Compárela con el papel.</translation>
    </message>
    <message>
        <source>The workstation was not approved.</source>
        <translation>El equipo no se aprobó.</translation>
    </message>
    <message>
        <source>There is a file of this name already.</source>
        <translation>Ya hay un archivo con este nombre.</translation>
    </message>
    <message>
        <source>There is a folder of this name.</source>
        <translation>Hay una carpeta con este nombre.</translation>
    </message>
    <message>
        <source>There is a store here already.</source>
        <translation>Aquí ya hay un almacén.</translation>
    </message>
    <message>
        <source>There is no {file} in {folder}. Name the folder of the page&apos;s build.</source>
        <translation>No hay {file} en {folder}. Indique la carpeta de la página compilada.</translation>
    </message>
    <message>
        <source>These are not the two sheets of one kit. Each keeper has another one.</source>
        <translation>No son las dos hojas de un mismo kit. Cada depositario tiene una distinta.</translation>
    </message>
    <message>
        <source>These two sheets are another clinic&apos;s kit. Look for this clinic&apos;s name on the paper.</source>
        <translation>Estas dos hojas son el kit de otra clínica. Busque el nombre de esta clínica en el papel.</translation>
    </message>
    <message>
        <source>This PIN has too few digits or too many, or is among those that are tried first.</source>
        <translation>Este PIN tiene pocas o demasiadas cifras, o es de los que se prueban primero.</translation>
    </message>
    <message>
        <source>This copy holds what the team wrote among itself. It is not for the patient.</source>
        <translation>Esta copia contiene lo que el equipo escribió entre sí. No es para el paciente.</translation>
    </message>
    <message>
        <source>This desk has no keys at the relay yet. Wait a minute, then check again.</source>
        <translation>Este puesto aún no tiene claves en el servidor de relevo. Espere un minuto y compruebe de nuevo.</translation>
    </message>
    <message>
        <source>This desk&apos;s store is not where it was.</source>
        <translation>El almacén de este puesto no está donde estaba.</translation>
    </message>
    <message>
        <source>This did not succeed.</source>
        <translation>No se pudo hacer.</translation>
    </message>
    <message>
        <source>This is no birth date that can be used.</source>
        <translation>Esta fecha de nacimiento no se puede usar.</translation>
    </message>
    <message>
        <source>This is no telephone number that can be used.</source>
        <translation>Este número de teléfono no se puede usar.</translation>
    </message>
    <message>
        <source>This is no workstation&apos;s request.</source>
        <translation>Esto no es la solicitud de un equipo.</translation>
    </message>
    <message>
        <source>This is not a whole line that begins with {prefix}</source>
        <translation>Esto no es una línea completa que empiece por {prefix}</translation>
    </message>
    <message>
        <source>This kit&apos;s key is no administrator&apos;s of this clinic any more. Somebody may have replaced it: look at the clinic log, and call whoever else administers the clinic.</source>
        <translation>La clave de este kit ya no es de ningún administrador de esta clínica. Alguien puede haberla sustituido: mire el registro de la clínica, y llame a quien más la administre.</translation>
    </message>
    <message>
        <source>This passphrase does not open the keys.</source>
        <translation>Esta frase de acceso no abre las claves.</translation>
    </message>
    <message>
        <source>Thu</source>
        <translation>jue</translation>
    </message>
    <message>
        <source>Tue</source>
        <translation>mar</translation>
    </message>
    <message>
        <source>Type it instead of pasting it.</source>
        <translation>Escríbala en lugar de pegarla.</translation>
    </message>
    <message>
        <source>Type the passphrase.</source>
        <translation>Escriba la frase de acceso.</translation>
    </message>
    <message>
        <source>Wed</source>
        <translation>mié</translation>
    </message>
    <message>
        <source>What you were writing was not kept.</source>
        <translation>Lo que estaba escribiendo no se guardó.</translation>
    </message>
    <message>
        <source>Write it in English, in Spanish, or in both.</source>
        <translation>Escríbala en inglés, en español o en los dos.</translation>
    </message>
    <message>
        <source>[From a device that was revoked, and arrived after: not counted] {text}</source>
        <translation>[De un dispositivo revocado, llegado después: no cuenta] {text}</translation>
    </message>
    <message>
        <source>a team that there is no more</source>
        <translation>un equipo que ya no existe</translation>
    </message>
    <message>
        <source>at no known time</source>
        <translation>a una hora desconocida</translation>
    </message>
    <message>
        <source>claimed by day</source>
        <translation>tomadas por día</translation>
    </message>
    <message>
        <source>claimed now</source>
        <translation>tomadas ahora</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>cerrado</translation>
    </message>
    <message>
        <source>closed by day</source>
        <translation>cerradas por día</translation>
    </message>
    <message>
        <source>closed now</source>
        <translation>cerradas ahora</translation>
    </message>
    <message>
        <source>count</source>
        <translation>número</translation>
    </message>
    <message>
        <source>deleted</source>
        <translation>borrado</translation>
    </message>
    <message>
        <source>figure</source>
        <translation>cifra</translation>
    </message>
    <message>
        <source>file: {name}</source>
        <translation>archivo: {name}</translation>
    </message>
    <message>
        <source>first reply</source>
        <translation>primera respuesta</translation>
    </message>
    <message>
        <source>first reply by agent</source>
        <translation>primera respuesta por agente</translation>
    </message>
    <message>
        <source>half within (seconds)</source>
        <translation>la mitad en (segundos)</translation>
    </message>
    <message>
        <source>internal note</source>
        <translation>nota interna</translation>
    </message>
    <message>
        <source>messages are deleted after 1 day</source>
        <translation>los mensajes se borran después de 1 día</translation>
    </message>
    <message>
        <source>messages are deleted after {count} days</source>
        <translation>los mensajes se borran después de {count} días</translation>
    </message>
    <message>
        <source>new by day</source>
        <translation>nuevas por día</translation>
    </message>
    <message>
        <source>nine of ten within (seconds)</source>
        <translation>nueve de cada diez en (segundos)</translation>
    </message>
    <message>
        <source>of</source>
        <translation>de</translation>
    </message>
    <message>
        <source>this desk</source>
        <translation>este puesto</translation>
    </message>
    <message>
        <source>unverified and open now</source>
        <translation>sin verificar y abiertas ahora</translation>
    </message>
    <message>
        <source>unverified by day</source>
        <translation>sin verificar por día</translation>
    </message>
    <message>
        <source>waiting now</source>
        <translation>en espera ahora</translation>
    </message>
    <message>
        <source>waiting time</source>
        <translation>tiempo de espera</translation>
    </message>
    <message>
        <source>waiting time by hour</source>
        <translation>tiempo de espera por hora</translation>
    </message>
    <message>
        <source>{author} took the conversation over.</source>
        <translation>{author} tomó el relevo de la conversación.</translation>
    </message>
    <message>
        <source>{clinic}: conversation with {title}</source>
        <translation>{clinic}: conversación con {title}</translation>
    </message>
    <message>
        <source>{count} conversations</source>
        <translation>{count} conversaciones</translation>
    </message>
    <message>
        <source>{count} messages and notes</source>
        <translation>{count} mensajes y notas</translation>
    </message>
    <message>
        <source>{count} patients’ devices</source>
        <translation>{count} dispositivos de pacientes</translation>
    </message>
    <message>
        <source>{days} {hours}</source>
        <translation>{days} {hours}</translation>
    </message>
    <message>
        <source>{first} to {last}</source>
        <translation>del {first} al {last}</translation>
    </message>
    <message>
        <source>{first} to {last}: 1 exception.</source>
        <translation>Del {first} al {last}: 1 excepción.</translation>
    </message>
    <message>
        <source>{first}–{last}</source>
        <translation>{first}–{last}</translation>
    </message>
    <message>
        <source>{name} sent something that cannot be read.</source>
        <translation>{name} envió algo que no se puede leer.</translation>
    </message>
    <message>
        <source>{origin} is not encrypted.</source>
        <translation>{origin} no está cifrado.</translation>
    </message>
    <message>
        <source>{path} cannot be unpacked: it is cut, or not packed as the host says</source>
        <translation>{path} no se puede descomprimir: está cortado, o no comprimido como dice el servidor</translation>
    </message>
    <message>
        <source>{path} comes with another {header}</source>
        <translation>{path} llega con otro {header}</translation>
    </message>
    <message>
        <source>{path} does not end: it is longer than any file of the page</source>
        <translation>{path} no termina: es más largo que cualquier archivo de la página</translation>
    </message>
    <message>
        <source>{path} is another file</source>
        <translation>{path} es otro archivo</translation>
    </message>
    <message>
        <source>{path} is missing</source>
        <translation>falta {path}</translation>
    </message>
    <message>
        <source>{what} Look at the connection at the foot of the window, then try again.</source>
        <translation>{what} Mire la conexión al pie de la ventana e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>{zone} is no time zone. Name one such as Europe/Berlin.</source>
        <translation>{zone} no es una zona horaria. Indique una como Europe/Madrid.</translation>
    </message>
    <message>
        <source>“{days}” are no days. Write each as 2026-12-25.</source>
        <translation>«{days}» no son días. Escriba cada uno así: 2026-12-25.</translation>
    </message>
    <message>
        <source>“{days}” is no day. Write it as 2026-12-25.</source>
        <translation>«{days}» no es un día. Escríbalo como 2026-12-25.</translation>
    </message>
    <message>
        <source>“{hours}” are no hours. Write them as 8:00-12:00 13:00-17:00.</source>
        <translation>«{hours}» no es un horario. Escríbalo así: 8:00-12:00 13:00-17:00.</translation>
    </message>
    <message>
        <source>“{line}” are no hours. Write them as mon-fri 8:00-12:00 13:00-17:00.</source>
        <translation>«{line}» no es un horario. Escríbalo así: mon-fri 8:00-12:00 13:00-17:00.</translation>
    </message>
    <message>
        <source>“{line}” names a day that an earlier line names. Write each day once, with all its hours.</source>
        <translation>«{line}» nombra un día que ya está en otra línea. Escriba cada día una vez, con todas sus horas.</translation>
    </message>
    <message>
        <source>“{line}”: an hour has 60 minutes. Correct the time.</source>
        <translation>«{line}»: una hora tiene 60 minutos. Corrija la hora.</translation>
    </message>
    <message>
        <source>“{line}”: {last} comes before {first}. Write two lines.</source>
        <translation>«{line}»: {last} va antes que {first}. Escriba dos líneas.</translation>
    </message>
    <message>
        <source>“{word}” is none of the words that a screen shows. Check how it is spelt.</source>
        <translation>«{word}» no es ninguna de las palabras que muestra una pantalla. Compruebe cómo se escribe.</translation>
    </message>
    <message>
        <source>Its last word to this desk, at {time}: it locks, and its keys leave its memory. Nothing was heard from it since. For at most ten minutes more a copy of its keys may have stood there, sealed by a PIN. What it keeps on its disk is sealed by its passphrase and the system’s keyring.</source>
        <translation>Lo último que dijo a este puesto, el {time}: se bloquea y sus claves salen de su memoria. Desde entonces no se supo nada de él. Durante diez minutos más como mucho pudo quedar allí una copia de sus claves, sellada con un PIN. Lo que guarda en su disco está sellado con su frase de acceso y el llavero del sistema.</translation>
    </message>
    <message>
        <source>1 conversation</source>
        <translation>1 conversación</translation>
    </message>
    <message>
        <source>1 message or note</source>
        <translation>1 mensaje o nota</translation>
    </message>
    <message>
        <source>1 patient’s device</source>
        <translation>1 dispositivo de un paciente</translation>
    </message>
    <message>
        <source>A clinic may have {most} devices that receive messages; this one would be left out of them. End the access of another first. Auditors&apos; devices are not counted.</source>
        <translation>Una clínica puede tener {most} dispositivos que reciben mensajes; este se quedaría sin ellos. Termine antes el acceso de otro. Los dispositivos de auditoría no cuentan.</translation>
    </message>
    <message>
        <source>A closed day lies before 1970. Look at its year.</source>
        <translation>Un día de cierre es anterior a 1970. Revise el año.</translation>
    </message>
    <message>
        <source>A word of this sheet is wrong, or two are exchanged. Compare it with the paper, word by word.</source>
        <translation>Una palabra de esta hoja está mal, o hay dos cambiadas de sitio. Compárela con el papel, palabra por palabra.</translation>
    </message>
    <message>
        <source>An administrator was added. {agreed}</source>
        <translation>Se añadió un administrador. {agreed}</translation>
    </message>
    <message>
        <source>An administrator was removed. {agreed}</source>
        <translation>Se quitó un administrador. {agreed}</translation>
    </message>
    <message>
        <source>Ask your administrator for the address again.</source>
        <translation>Pida otra vez la dirección a su administrador.</translation>
    </message>
    <message>
        <source>Check how it is written.</source>
        <translation>Compruebe cómo está escrita.</translation>
    </message>
    <message>
        <source>Check the network, then try again.</source>
        <translation>Compruebe la red e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>Close other programs, then try again.</source>
        <translation>Cierre otros programas e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>Close that one, then try again.</source>
        <translation>Cierre ese e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>Copy it again, all of it.</source>
        <translation>Cópiela de nuevo, entera.</translation>
    </message>
    <message>
        <source>From now on one administrator alone may make great changes.</source>
        <translation>A partir de ahora basta un administrador para los cambios grandes.</translation>
    </message>
    <message>
        <source>It can neither send nor receive, but what it keeps could not be erased. {why}</source>
        <translation>No puede enviar ni recibir, pero lo que guarda no se pudo borrar. {why}</translation>
    </message>
    <message>
        <source>It can neither send nor receive. Its keys and all that it kept were erased.</source>
        <translation>No puede enviar ni recibir. Sus claves y todo lo que guardaba se han borrado.</translation>
    </message>
    <message>
        <source>Its screen shows other words: somebody may have exchanged the request. Approve nothing yet.</source>
        <translation>Su pantalla muestra otras palabras: alguien puede haber cambiado la solicitud. No apruebe nada todavía.</translation>
    </message>
    <message>
        <source>Lock Sealdesk and unlock it. If this stays, tell your administrator.</source>
        <translation>Bloquee Sealdesk y desbloquéelo. Si esto sigue, avise a su administrador.</translation>
    </message>
    <message>
        <source>Make room on the disk, or make it writable, then try again.</source>
        <translation>Libere espacio en el disco, o permita escribir en él, e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>No page is served at {page}. Check the address.</source>
        <translation>En {page} no se sirve ninguna página. Compruebe la dirección.</translation>
    </message>
    <message>
        <source>No workstation that waits shows these six words. Have them read again, or paste its request.</source>
        <translation>Ningún equipo en espera muestra estas seis palabras. Pida que las lean otra vez, o pegue su solicitud.</translation>
    </message>
    <message>
        <source>Nothing can be written there.</source>
        <translation>Allí no se puede escribir nada.</translation>
    </message>
    <message>
        <source>Nothing was changed. Tell your administrator the time.</source>
        <translation>No se cambió nada. Diga la hora a su administrador.</translation>
    </message>
    <message>
        <source>Nothing was changed. Tell your administrator.</source>
        <translation>No se cambió nada. Avise a su administrador.</translation>
    </message>
    <message>
        <source>Of that this desk still holds {messages}, in {conversations}, of {patients}.</source>
        <translation>De ello, este puesto conserva aún {messages}, en {conversations}, de {patients}.</translation>
    </message>
    <message>
        <source>Open it, or choose another folder.</source>
        <translation>Ábralo, o elija otra carpeta.</translation>
    </message>
    <message>
        <source>Other administrators are changing the log at this moment. Try again in a minute.</source>
        <translation>Otros administradores están cambiando el registro en este momento. Inténtelo de nuevo en un minuto.</translation>
    </message>
    <message>
        <source>Restore it from a copy, or enrol this device anew.</source>
        <translation>Restáurelo desde una copia, o dé de alta de nuevo este dispositivo.</translation>
    </message>
    <message>
        <source>Restore the folder, or enrol this device anew.</source>
        <translation>Restaure la carpeta, o dé de alta de nuevo este dispositivo.</translation>
    </message>
    <message>
        <source>Restore the keyring, or enrol this device anew.</source>
        <translation>Restaure el llavero, o dé de alta de nuevo este dispositivo.</translation>
    </message>
    <message>
        <source>Sealdesk keeps keys only in the system&apos;s own keyring: GNOME Keyring or KWallet (start and unlock it), macOS Keychain, or Windows Credential Locker. Remove the other backend from keyringrc.cfg and PYTHON_KEYRING_BACKEND.</source>
        <translation>Sealdesk solo guarda claves en el llavero del propio sistema: GNOME Keyring o KWallet (inícielo y desbloquéelo), Llaveros de macOS o el Administrador de credenciales de Windows. Quite el otro de keyringrc.cfg y de PYTHON_KEYRING_BACKEND.</translation>
    </message>
    <message>
        <source>Something that was typed does not fit. Look at each field, then try again.</source>
        <translation>Algo de lo escrito no es válido. Revise cada campo e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>Take {shortest} to {longest} digits that are not all alike and do not count up or down.</source>
        <translation>Elija de {shortest} a {longest} cifras que no sean todas iguales ni vayan seguidas.</translation>
    </message>
    <message>
        <source>That PIN is wrong.</source>
        <translation>Ese PIN es incorrecto.</translation>
    </message>
    <message>
        <source>The administrator&apos;s key is locked. Type its passphrase first.</source>
        <translation>La clave del administrador está bloqueada. Escriba antes su frase de acceso.</translation>
    </message>
    <message>
        <source>The clinic&apos;s log has grown meanwhile.</source>
        <translation>Entretanto el registro de la clínica ha crecido.</translation>
    </message>
    <message>
        <source>The conversation could not be ended.</source>
        <translation>No se pudo terminar la conversación.</translation>
    </message>
    <message>
        <source>The demo patient&apos;s message did not reach this desk.</source>
        <translation>El mensaje del paciente de prueba no llegó a este puesto.</translation>
    </message>
    <message>
        <source>The desk&apos;s answer did not reach the demo patient.</source>
        <translation>La respuesta del puesto no llegó al paciente de prueba.</translation>
    </message>
    <message>
        <source>The disk does not answer as it should.</source>
        <translation>El disco no responde como debe.</translation>
    </message>
    <message>
        <source>The disk is full.</source>
        <translation>El disco está lleno.</translation>
    </message>
    <message>
        <source>The file cannot be read or written (the system&apos;s error {number}).</source>
        <translation>El archivo no se puede leer o escribir (error {number} del sistema).</translation>
    </message>
    <message>
        <source>The file or folder is not there.</source>
        <translation>El archivo o la carpeta no está allí.</translation>
    </message>
    <message>
        <source>The keyring in use keeps secrets in the open, or not at all: {names}.</source>
        <translation>El llavero en uso guarda los secretos a la vista, o no los guarda: {names}.</translation>
    </message>
    <message>
        <source>The keyring&apos;s item for this profile is damaged.</source>
        <translation>La entrada del llavero para este perfil está dañada.</translation>
    </message>
    <message>
        <source>The opening hours were set, by {zone}: {hours}.</source>
        <translation>Se fijó el horario de apertura, según {zone}: {hours}.</translation>
    </message>
    <message>
        <source>The other device could not open it, though it was sent again three times.</source>
        <translation>El otro dispositivo no pudo abrirlo, aunque se envió otras tres veces.</translation>
    </message>
    <message>
        <source>The other device&apos;s keys have expired.</source>
        <translation>Las claves del otro dispositivo han caducado.</translation>
    </message>
    <message>
        <source>The other side sent a key that is not safe to use.</source>
        <translation>La otra parte envió una clave que no es segura.</translation>
    </message>
    <message>
        <source>The other side uses a version of the protocol that this program does not know.</source>
        <translation>La otra parte usa una versión del protocolo que este programa no conoce.</translation>
    </message>
    <message>
        <source>The other side&apos;s identity could not be confirmed.</source>
        <translation>No se pudo confirmar la identidad de la otra parte.</translation>
    </message>
    <message>
        <source>The patient began this conversation.</source>
        <translation>El paciente empezó esta conversación.</translation>
    </message>
    <message>
        <source>The patient ended the conversation and erased their copy.</source>
        <translation>El paciente terminó la conversación y borró su copia.</translation>
    </message>
    <message>
        <source>The patient ended this conversation and erased their copy.</source>
        <translation>El paciente terminó esta conversación y borró su copia.</translation>
    </message>
    <message>
        <source>The patient opened the invitation&apos;s link.</source>
        <translation>El paciente abrió el enlace de la invitación.</translation>
    </message>
    <message>
        <source>The patient passed the check.</source>
        <translation>El paciente superó la comprobación.</translation>
    </message>
    <message>
        <source>The patient was told that {author} answers from now on.</source>
        <translation>Se dijo al paciente que {author} responde a partir de ahora.</translation>
    </message>
    <message>
        <source>The patient&apos;s code or details were wrong. 1 try is left.</source>
        <translation>El código o los datos del paciente eran incorrectos. Queda 1 intento.</translation>
    </message>
    <message>
        <source>The patient&apos;s code or details were wrong. {count} tries are left.</source>
        <translation>El código o los datos del paciente eran incorrectos. Quedan {count} intentos.</translation>
    </message>
    <message>
        <source>The patient&apos;s invitation was refused.</source>
        <translation>La invitación del paciente fue rechazada.</translation>
    </message>
    <message>
        <source>The patients&apos; page cannot be reached.</source>
        <translation>No se puede abrir la página de los pacientes.</translation>
    </message>
    <message>
        <source>The patients&apos; page could not be looked at for a day.</source>
        <translation>Hace un día que no se puede revisar la página de los pacientes.</translation>
    </message>
    <message>
        <source>The patients&apos; page is not the one that your administrator signed.</source>
        <translation>La página de los pacientes no es la que firmó su administrador.</translation>
    </message>
    <message>
        <source>The picture was not sent.</source>
        <translation>La imagen no se envió.</translation>
    </message>
    <message>
        <source>The policy was changed: {changes}.</source>
        <translation>Se cambiaron las normas: {changes}.</translation>
    </message>
    <message>
        <source>The policy was stated anew, unchanged. That ends alarms about this log.</source>
        <translation>Se declararon de nuevo las normas, sin cambios. Eso termina las alarmas sobre este registro.</translation>
    </message>
    <message>
        <source>The recovery kit was confirmed before, and is on paper only.</source>
        <translation>El kit de recuperación ya se confirmó, y solo está en papel.</translation>
    </message>
    <message>
        <source>The relay did not witness the audit log.</source>
        <translation>El servidor de relevo no dio fe del registro de auditoría.</translation>
    </message>
    <message>
        <source>The relay does not know this clinic.</source>
        <translation>El servidor de relevo no conoce esta clínica.</translation>
    </message>
    <message>
        <source>The relay handed out keys that their owner did not sign.</source>
        <translation>El servidor de relevo entregó claves que su dueño no firmó.</translation>
    </message>
    <message>
        <source>The relay refused a message.</source>
        <translation>El servidor de relevo rechazó un mensaje.</translation>
    </message>
    <message>
        <source>The relay shows an older clinic log than before.</source>
        <translation>El servidor de relevo muestra un registro de la clínica más antiguo que antes.</translation>
    </message>
    <message>
        <source>The relay shows an older log than it showed before.</source>
        <translation>El servidor de relevo muestra un registro más antiguo que el de antes.</translation>
    </message>
    <message>
        <source>The reply was not kept.</source>
        <translation>La respuesta no se guardó.</translation>
    </message>
    <message>
        <source>The sender&apos;s program is told and sends it again by itself.</source>
        <translation>Se avisa al programa del remitente, que lo envía otra vez por sí mismo.</translation>
    </message>
    <message>
        <source>The store was found to be older than the relay knew.</source>
        <translation>El almacén resultó ser más antiguo de lo que sabía el servidor de relevo.</translation>
    </message>
    <message>
        <source>The system&apos;s keyring cannot be used.</source>
        <translation>No se puede usar el llavero del sistema.</translation>
    </message>
    <message>
        <source>The two conversations do not have the same name and date of birth.</source>
        <translation>Las dos conversaciones no tienen el mismo nombre y fecha de nacimiento.</translation>
    </message>
    <message>
        <source>There are no figures for this period.</source>
        <translation>No hay cifras para este periodo.</translation>
    </message>
    <message>
        <source>There are {limit} already.</source>
        <translation>Ya hay {limit}.</translation>
    </message>
    <message>
        <source>There is nothing to review.</source>
        <translation>No hay nada que revisar.</translation>
    </message>
    <message>
        <source>They do not match.</source>
        <translation>No coinciden.</translation>
    </message>
    <message>
        <source>They match.</source>
        <translation>Coinciden.</translation>
    </message>
    <message>
        <source>This bundle of evidence does not verify.</source>
        <translation>Este paquete de pruebas no supera la verificación.</translation>
    </message>
    <message>
        <source>This change to the clinic&apos;s log is not allowed as things stand.</source>
        <translation>Este cambio en el registro de la clínica no está permitido tal como están las cosas.</translation>
    </message>
    <message>
        <source>This conversation is closed.</source>
        <translation>Esta conversación está cerrada.</translation>
    </message>
    <message>
        <source>This conversation is not here.</source>
        <translation>Esta conversación no está aquí.</translation>
    </message>
    <message>
        <source>This device did not join the clinic.</source>
        <translation>Este dispositivo no se unió a la clínica.</translation>
    </message>
    <message>
        <source>This device is no longer a member of the clinic.</source>
        <translation>Este dispositivo ya no es miembro de la clínica.</translation>
    </message>
    <message>
        <source>This device was restored from an older copy.</source>
        <translation>Este dispositivo se restauró desde una copia más antigua.</translation>
    </message>
    <message>
        <source>This invitation is no longer valid.</source>
        <translation>Esta invitación ya no es válida.</translation>
    </message>
    <message>
        <source>This invitation link is not valid.</source>
        <translation>Este enlace de invitación no es válido.</translation>
    </message>
    <message>
        <source>This is larger than Sealdesk allows.</source>
        <translation>Esto es más grande de lo que Sealdesk permite.</translation>
    </message>
    <message>
        <source>This message is not here.</source>
        <translation>Este mensaje no está aquí.</translation>
    </message>
    <message>
        <source>This passphrase is too long.</source>
        <translation>Esta frase de acceso es demasiado larga.</translation>
    </message>
    <message>
        <source>This passphrase would be guessed too soon.</source>
        <translation>Esta frase de acceso se adivinaría demasiado pronto.</translation>
    </message>
    <message>
        <source>This patient&apos;s device is blocked. Nothing is sent to it.</source>
        <translation>El dispositivo de este paciente está bloqueado. No se le envía nada.</translation>
    </message>
    <message>
        <source>This patient&apos;s device is blocked: it may be in other hands.</source>
        <translation>El dispositivo de este paciente está bloqueado: podría estar en otras manos.</translation>
    </message>
    <message>
        <source>This picture is damaged.</source>
        <translation>Esta imagen está dañada.</translation>
    </message>
    <message>
        <source>This program&apos;s copy of the clinic&apos;s log is out of date.</source>
        <translation>La copia del registro de la clínica que tiene este programa no está al día.</translation>
    </message>
    <message>
        <source>This was not done.</source>
        <translation>Esto no se hizo.</translation>
    </message>
    <message>
        <source>Try again. If it happens again, tell your administrator the time.</source>
        <translation>Inténtelo de nuevo. Si vuelve a ocurrir, diga la hora a su administrador.</translation>
    </message>
    <message>
        <source>Two different versions of the clinic&apos;s log are being shown.</source>
        <translation>Se están mostrando dos versiones distintas del registro de la clínica.</translation>
    </message>
    <message>
        <source>Two had claimed it, and your claim was the one that counts.</source>
        <translation>Dos personas la habían tomado, y cuenta la petición de usted.</translation>
    </message>
    <message>
        <source>Type all six words that its screen shows, with a space between them.</source>
        <translation>Escriba las seis palabras que muestra su pantalla, con un espacio entre ellas.</translation>
    </message>
    <message>
        <source>Unlock Sealdesk once, then try again.</source>
        <translation>Desbloquee Sealdesk una vez e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>Unlock it with your passphrase.</source>
        <translation>Desbloquéelo con su frase de acceso.</translation>
    </message>
    <message>
        <source>Unlock them, or choose another profile.</source>
        <translation>Desbloquéelas, o elija otro perfil.</translation>
    </message>
    <message>
        <source>Until it is, nothing is sent: a device may have been revoked.</source>
        <translation>Hasta que se confirme no se envía nada: puede haberse revocado un dispositivo.</translation>
    </message>
    <message>
        <source>Update Sealdesk on both sides; if it happens again, tell your administrator.</source>
        <translation>Actualice Sealdesk en ambos lados; si vuelve a ocurrir, avise a su administrador.</translation>
    </message>
    <message>
        <source>Update Sealdesk.</source>
        <translation>Actualice Sealdesk.</translation>
    </message>
    <message>
        <source>Viewed, but not claimed or answered there within a day.</source>
        <translation>Consultada, pero ni tomada ni respondida allí en un día.</translation>
    </message>
    <message>
        <source>Visitor {mark}</source>
        <translation>Visitante {mark}</translation>
    </message>
    <message>
        <source>This profile administers a clinic already. Unlock it with its passphrase.</source>
        <translation>Este perfil ya administra una clínica. Desbloquéelo con su frase de acceso.</translation>
    </message>
    <message>
        <source>This profile administers no clinic yet. Run `sealdesk-admin init` first.</source>
        <translation>Este perfil aún no administra ninguna clínica. Ejecute antes `sealdesk-admin init`.</translation>
    </message>
    <message>
        <source>This workstation cannot see who waits. Paste the request that the new one shows.</source>
        <translation>Este equipo no puede ver quién espera. Pegue la solicitud que muestra el nuevo.</translation>
    </message>
    <message>
        <source>This workstation is not approved yet. Approve it, then check again.</source>
        <translation>Este equipo aún no está aprobado. Apruébelo y compruebe de nuevo.</translation>
    </message>
    <message>
        <source>Too many tries failed.</source>
        <translation>Han fallado demasiados intentos.</translation>
    </message>
    <message>
        <source>Try again in a minute. If this stays, tell your administrator.</source>
        <translation>Inténtelo de nuevo en un minuto. Si esto sigue, avise a su administrador.</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>Inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>Try again. If it happens again, tell your administrator.</source>
        <translation>Inténtelo de nuevo. Si vuelve a ocurrir, avise a su administrador.</translation>
    </message>
    <message>
        <source>Try again. Wrong tries left before the passphrase is asked for: {left}.</source>
        <translation>Inténtelo de nuevo. Fallos que quedan antes de que se pida la frase de acceso: {left}.</translation>
    </message>
    <message>
        <source>Unlock it, then try again.</source>
        <translation>Desbloquéelo e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>Unlocking needs {needed} MiB of memory, and so much is not free.</source>
        <translation>Desbloquear necesita {needed} MiB de memoria, y no hay tanta libre.</translation>
    </message>
    <message>
        <source>Update Sealdesk; nothing was changed.</source>
        <translation>Actualice Sealdesk; no se cambió nada.</translation>
    </message>
    <message>
        <source>Use https; plain http is for a relay on this machine only.</source>
        <translation>Use https; http sin cifrar es solo para un servidor de relevo en esta misma máquina.</translation>
    </message>
    <message>
        <source>Use the one that Sealdesk suggests, or add unrelated words.</source>
        <translation>Use la que sugiere Sealdesk, o añada palabras sin relación entre sí.</translation>
    </message>
    <message>
        <source>Wait a minute. If this stays, tell your administrator.</source>
        <translation>Espere un minuto. Si esto sigue, avise a su administrador.</translation>
    </message>
    <message>
        <source>Wait a moment, then choose it in the list again.</source>
        <translation>Espere un momento y elíjala otra vez en la lista.</translation>
    </message>
    <message>
        <source>Wait for the message to be sent again; if it happens again, tell your administrator.</source>
        <translation>Espere a que el mensaje se envíe de nuevo; si vuelve a ocurrir, avise a su administrador.</translation>
    </message>
    <message>
        <source>Wait {seconds} s, then try again.</source>
        <translation>Espere {seconds} s e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>What stands on the screen is not what was loaded last.</source>
        <translation>Lo que está en pantalla no es lo último que se cargó.</translation>
    </message>
    <message>
        <source>What was deleted or never reached this desk is not counted; the device may still have it.</source>
        <translation>No se cuenta lo que se borró o nunca llegó a este puesto; el dispositivo puede tenerlo todavía.</translation>
    </message>
    <message>
        <source>What you asked for may not have happened; nothing was sent in the clear.</source>
        <translation>Puede que lo que pidió no se haya hecho; nada se envió sin cifrar.</translation>
    </message>
    <message>
        <source>What you wrote stays in it.</source>
        <translation>Lo que usted escribió sigue en ella.</translation>
    </message>
    <message>
        <source>Whether its keys were out of memory is not known: it was last heard from about {time}, and did not say to this desk that it locks.</source>
        <translation>No se sabe si sus claves estaban fuera de la memoria: la última señal fue hacia el {time}, y no dijo a este puesto que se bloqueaba.</translation>
    </message>
    <message>
        <source>Whether its keys were out of memory is not known: this desk never heard from it.</source>
        <translation>No se sabe si sus claves estaban fuera de la memoria: este puesto nunca supo de él.</translation>
    </message>
    <message>
        <source>Whoever serves it could read what patients write from now on.</source>
        <translation>Quien la sirve podría leer lo que los pacientes escriban desde ahora.</translation>
    </message>
    <message>
        <source>Written to for more than a day before the patient was checked.</source>
        <translation>Se le escribió durante más de un día antes de comprobar al paciente.</translation>
    </message>
    <message>
        <source>administrator</source>
        <translation>administrador</translation>
    </message>
    <message>
        <source>agent</source>
        <translation>agente</translation>
    </message>
    <message>
        <source>an unconfirmed log warns after {warn} h and stops desks after {stop} h</source>
        <translation>un registro sin confirmar avisa tras {warn} h y detiene los puestos tras {stop} h</translation>
    </message>
    <message>
        <source>auditor</source>
        <translation>auditor</translation>
    </message>
    <message>
        <source>desks lock after {seconds} s</source>
        <translation>los puestos se bloquean tras {seconds} s</translation>
    </message>
    <message>
        <source>messages are kept without limit</source>
        <translation>los mensajes se conservan sin límite</translation>
    </message>
    <message>
        <source>new devices are sent what was said before</source>
        <translation>los dispositivos nuevos reciben lo que se dijo antes</translation>
    </message>
    <message>
        <source>new devices see only what is said from then on</source>
        <translation>los dispositivos nuevos solo ven lo que se dice desde entonces</translation>
    </message>
    <message>
        <source>patients do not see that they were read</source>
        <translation>los pacientes no ven que se les leyó</translation>
    </message>
    <message>
        <source>patients see that they were read</source>
        <translation>los pacientes ven que se les leyó</translation>
    </message>
    <message>
        <source>replaced by another device</source>
        <translation>sustituido por otro dispositivo</translation>
    </message>
    <message>
        <source>stolen or lost</source>
        <translation>robado o perdido</translation>
    </message>
    <message>
        <source>supervisor</source>
        <translation>supervisor</translation>
    </message>
    <message>
        <source>the person has left</source>
        <translation>la persona se fue</translation>
    </message>
    <message>
        <source>the safety number</source>
        <translation>el número de seguridad</translation>
    </message>
    <message>
        <source>two identifiers</source>
        <translation>dos datos</translation>
    </message>
    <message>
        <source>{author} added the tag “{tag}”.</source>
        <translation>{author} añadió la etiqueta «{tag}».</translation>
    </message>
    <message>
        <source>{author} assigned the conversation to {named}.</source>
        <translation>{author} asignó la conversación a {named}.</translation>
    </message>
    <message>
        <source>{author} blocked this patient&apos;s device.</source>
        <translation>{author} bloqueó el dispositivo de este paciente.</translation>
    </message>
    <message>
        <source>{author} checked the patient by {how}. {result}</source>
        <translation>{author} comprobó al paciente con {how}. {result}</translation>
    </message>
    <message>
        <source>{author} closed it.</source>
        <translation>{author} la cerró.</translation>
    </message>
    <message>
        <source>{author} closed the conversation: {outcome}.</source>
        <translation>{author} cerró la conversación: {outcome}.</translation>
    </message>
    <message>
        <source>{author} gave the conversation back to the queue.</source>
        <translation>{author} devolvió la conversación a la cola.</translation>
    </message>
    <message>
        <source>{author} handed the conversation to {named}.</source>
        <translation>{author} traspasó la conversación a {named}.</translation>
    </message>
    <message>
        <source>{author} handed the conversation to {named}. “{note}”</source>
        <translation>{author} traspasó la conversación a {named}. «{note}»</translation>
    </message>
    <message>
        <source>{author} noted that nobody writes for the patient any more.</source>
        <translation>{author} anotó que ya nadie escribe por el paciente.</translation>
    </message>
    <message>
        <source>{author} noted that {who} writes for the patient.</source>
        <translation>{author} anotó que {who} escribe por el paciente.</translation>
    </message>
    <message>
        <source>{author} put a hold on this conversation.</source>
        <translation>{author} retuvo esta conversación.</translation>
    </message>
    <message>
        <source>{author} put a hold on this conversation: {reason}.</source>
        <translation>{author} retuvo esta conversación: {reason}.</translation>
    </message>
    <message>
        <source>{author} removed the tag “{tag}”.</source>
        <translation>{author} quitó la etiqueta «{tag}».</translation>
    </message>
    <message>
        <source>{author} reopened the conversation.</source>
        <translation>{author} reabrió la conversación.</translation>
    </message>
    <message>
        <source>{author} sent earlier messages of the patient to their new device.</source>
        <translation>{author} envió mensajes anteriores del paciente a su dispositivo nuevo.</translation>
    </message>
    <message>
        <source>{author} sent this conversation to the patient&apos;s new device.</source>
        <translation>{author} envió esta conversación al dispositivo nuevo del paciente.</translation>
    </message>
    <message>
        <source>{author} took the conversation.</source>
        <translation>{author} tomó la conversación.</translation>
    </message>
    <message>
        <source>{author} took the hold off this conversation.</source>
        <translation>{author} quitó la retención de esta conversación.</translation>
    </message>
    <message>
        <source>{count} messages of {who} from before this one are not here.</source>
        <translation>Aquí faltan {count} mensajes de {who} anteriores a este.</translation>
    </message>
    <message>
        <source>{file} does not hold and was not taken in.</source>
        <translation>{file} no supera la verificación y no se aceptó.</translation>
    </message>
    <message>
        <source>{file} exists already. Choose an empty folder for the sheets.</source>
        <translation>{file} ya existe. Elija una carpeta vacía para las hojas.</translation>
    </message>
    <message>
        <source>{file} is damaged: it must hold a {prefix} line.</source>
        <translation>{file} está dañado: debe contener una línea {prefix}.</translation>
    </message>
    <message>
        <source>{file} is no recovery sheet: its words follow a line {mark}.</source>
        <translation>{file} no es una hoja de recuperación: sus palabras siguen a una línea {mark}.</translation>
    </message>
    <message>
        <source>{first} to {last}: {count} exceptions.</source>
        <translation>Del {first} al {last}: {count} excepciones.</translation>
    </message>
    <message>
        <source>{first}; {then}</source>
        <translation>{first}; {then}</translation>
    </message>
    <message>
        <source>{folder} holds more than the page. Name the folder of the page&apos;s build alone.</source>
        <translation>{folder} contiene más que la página. Indique solo la carpeta de la página compilada.</translation>
    </message>
    <message>
        <source>{means} Found: {found}.</source>
        <translation>{means} Se encontró: {found}.</translation>
    </message>
    <message>
        <source>{means} {action}</source>
        <translation>{means} {action}</translation>
    </message>
    <message>
        <source>{name} (clinic)</source>
        <translation>{name} (clínica)</translation>
    </message>
    <message>
        <source>{name} has this conversation now.</source>
        <translation>Ahora {name} tiene esta conversación.</translation>
    </message>
    <message>
        <source>{name} is not {plain}, packed. Build the page anew, or delete {name}.</source>
        <translation>{name} no es {plain} comprimido. Compile la página de nuevo, o borre {name}.</translation>
    </message>
    <message>
        <source>{name} is {role} from now on.</source>
        <translation>La función de {name} es ahora: {role}.</translation>
    </message>
    <message>
        <source>{name} was admitted as {role}.</source>
        <translation>Se admitió a {name} como {role}.</translation>
    </message>
    <message>
        <source>{name} was not sent.</source>
        <translation>{name} no se envió.</translation>
    </message>
    <message>
        <source>{name} was revoked: it was replaced by another device.</source>
        <translation>Se revocó a {name}: lo sustituyó otro dispositivo.</translation>
    </message>
    <message>
        <source>{name} was revoked: stolen or lost.</source>
        <translation>Se revocó a {name}: robado o perdido.</translation>
    </message>
    <message>
        <source>{name} was revoked: the person has left.</source>
        <translation>Se revocó a {name}: la persona se fue.</translation>
    </message>
    <message>
        <source>{who} wrote it.</source>
        <translation>{who} lo escribió.</translation>
    </message>
</context>
<context>
    <name>words</name>
    <message>
        <source>{name} is not a file that can be read. Choose another.</source>
        <translation>{name} no es un archivo que se pueda leer. Elija otro.</translation>
    </message>
    <message>
        <source>{name} is larger than {limit}. Send a smaller one.</source>
        <translation>{name} ocupa más de {limit}. Envíe uno más pequeño.</translation>
    </message>
    <message>
        <source>{name} is empty.</source>
        <translation>{name} está vacío.</translation>
    </message>
    <message>
        <source>Preview of the picture</source>
        <translation>Vista previa de la imagen</translation>
    </message>
    <message>
        <source>Here is your link to our secure chat. It works for three days: {link}</source>
        <translation>Aquí tiene su enlace a nuestro chat seguro. Funciona durante tres días: {link}</translation>
    </message>
    <message>
        <source>Your link to our secure chat</source>
        <translation>Su enlace a nuestro chat seguro</translation>
    </message>
    <message>
        <source>Card</source>
        <translation>Tarjeta</translation>
    </message>
    <message>
        <source>Secure chat with us</source>
        <translation>Chat seguro con nosotros</translation>
    </message>
    <message>
        <source>Scan this with your phone’s camera and press the button.</source>
        <translation>Escanee esto con la cámara del teléfono y pulse el botón.</translation>
    </message>
    <message>
        <source>You also need a code: we tell it to you, it is not on this card.</source>
        <translation>También necesita un código: se lo decimos nosotros, no está en esta tarjeta.</translation>
    </message>
    <message>
        <source>Valid until {time}</source>
        <translation>Válida hasta {time}</translation>
    </message>
    <message>
        <source>Not for emergencies.</source>
        <translation>No es para emergencias.</translation>
    </message>
    <message>
        <source>Waiting for the patient</source>
        <translation>A la espera del paciente</translation>
    </message>
    <message numerus="yes">
        <source>The patient has opened it · %n tries left</source>
        <translation>
            <numerusform>El paciente la ha abierto · queda %n intento</numerusform>
            <numerusform>El paciente la ha abierto · quedan %n intentos</numerusform>
        </translation>
    </message>
    <message>
        <source>The patient has passed the check</source>
        <translation>El paciente ha superado la comprobación</translation>
    </message>
    <message>
        <source>Refused: too many wrong answers</source>
        <translation>Rechazada: demasiadas respuestas incorrectas</translation>
    </message>
    <message>
        <source>Expired</source>
        <translation>Caducada</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Cancelada</translation>
    </message>
    <message>
        <source>This name is too long. Shorten it.</source>
        <translation>Este nombre es demasiado largo. Acórtelo.</translation>
    </message>
    <message>
        <source>Write the patient’s name.</source>
        <translation>Escriba el nombre del paciente.</translation>
    </message>
    <message>
        <source>Available</source>
        <translation>Disponible</translation>
    </message>
    <message>
        <source>Away</source>
        <translation>Ausente</translation>
    </message>
    <message>
        <source>Your settings…</source>
        <translation>Sus ajustes…</translation>
    </message>
    <message>
        <source>Your state: {state}</source>
        <translation>Su estado: {state}</translation>
    </message>
    <message>
        <source>Not here</source>
        <translation>No está</translation>
    </message>
    <message>
        <source>New from here</source>
        <translation>Nuevo desde aquí</translation>
    </message>
    <message>
        <source>{count} s</source>
        <translation>{count} s</translation>
    </message>
    <message>
        <source>Approve a workstation</source>
        <translation>Aprobar un equipo</translation>
    </message>
    <message>
        <source>Have somebody at the new workstation read out the six words on its screen, and type them.</source>
        <translation>Pida a alguien en el equipo nuevo que lea las seis palabras de su pantalla, y escríbalas.</translation>
    </message>
    <message>
        <source>Approve</source>
        <translation>Aprobar</translation>
    </message>
    <message>
        <source>What {name} may do from now on. Every desk enforces it once it has heard.</source>
        <translation>Lo que {name} puede hacer a partir de ahora. Cada puesto lo hace cumplir en cuanto se entera.</translation>
    </message>
    <message>
        <source>Change the role</source>
        <translation>Cambiar la función</translation>
    </message>
    <message>
        <source>Team</source>
        <translation>Equipo</translation>
    </message>
    <message>
        <source>Conversations can be handed to a team. It is called by its members; with none it ends.</source>
        <translation>Las conversaciones se pueden traspasar a un equipo. Se llama por sus miembros; sin ninguno, termina.</translation>
    </message>
    <message>
        <source>Set the team</source>
        <translation>Fijar el equipo</translation>
    </message>
    <message numerus="yes">
        <source>Sheet {sheet}: %n of {all} words are here. Type all of them, in their order.</source>
        <translation>
            <numerusform>Hoja {sheet}: aquí hay %n de {all} palabras. Escríbalas todas, en su orden.</numerusform>
            <numerusform>Hoja {sheet}: aquí hay %n de {all} palabras. Escríbalas todas, en su orden.</numerusform>
        </translation>
    </message>
    <message>
        <source>Role</source>
        <translation>Función</translation>
    </message>
    <message>
        <source>Sealdesk recovery kit, sheet {sheet} of 2</source>
        <translation>Kit de recuperación de Sealdesk, hoja {sheet} de 2</translation>
    </message>
    <message>
        <source>Fingerprint: {code}</source>
        <translation>Huella: {code}</translation>
    </message>
    <message>
        <source>Keep this sheet apart from the other one and from every computer. Alone it opens nothing.</source>
        <translation>Guarde esta hoja lejos de la otra y de cualquier equipo informático. Por sí sola no abre nada.</translation>
    </message>
    <message>
        <source>Both together make a new administrator’s key. In Sealdesk, choose Recover; or run:</source>
        <translation>Las dos juntas crean una nueva clave del administrador. En Sealdesk, elija Recuperar; o ejecute:</translation>
    </message>
    <message>
        <source>“{hours}” are no hours. Write them as 8:00-12:00 13:00-17:00.</source>
        <translation>«{hours}» no son horas. Escríbalas así: 8:00-12:00 13:00-17:00.</translation>
    </message>
    <message>
        <source>d MMMM yyyy</source>
        <translation>d &apos;de&apos; MMMM &apos;de&apos; yyyy</translation>
    </message>
</context>
</TS>
