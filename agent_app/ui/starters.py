"""Canned replies to begin with: courtesy and organisation, and nothing about anybody's health."""

STARTERS = (  # (title, title in Spanish, English, Spanish)
    (
        "Greeting",
        "Saludo",
        "Hello {patient}, this is {agent} at {clinic}. How can I help you?",
        "Hola, {patient}. Le habla {agent}, de {clinic}. ¿En qué puedo ayudarle?",
    ),
    (
        "One moment",
        "Un momento",
        "Thank you for writing. I will look into it and answer you here.",
        "Gracias por escribirnos. Lo consulto y le respondo aquí.",
    ),
    (
        "Call back",
        "Llamada",
        "May we call you? Please tell us when it suits you today.",
        "¿Podemos llamarle? Díganos a qué hora le viene bien hoy.",
    ),
    (
        "Date and time",
        "Fecha y hora",
        "We have written you down for {day} at {time}. Please answer if that does not suit you.",
        "Le hemos anotado para el {día} a las {hora}. Si no le viene bien, respóndanos.",
    ),
    (
        "Hand over",
        "Cambio de persona",
        "My colleague {colleague} answers you from here on.",
        "A partir de ahora le responde {colega}.",
    ),
    (
        "Goodbye",
        "Despedida",
        "You are welcome. If there is anything else, write to us here.",
        "De nada. Si necesita algo más, escríbanos aquí.",
    ),
)
