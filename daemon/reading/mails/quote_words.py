"""The words by which mail programs introduce what they quote, in the languages that partners write."""

OPENERS = (
    *("am ", "den ", "on ", "at ", "le ", "el ", "il ", "op ", "em "),
    *("zitat von ", "quoting ", "in message ", "w dniu", "dnia ", "wiadomość napisana przez", "użytkownik "),
)
"""How an attribution begins; others begin with a day, a date or the writer's name, and need a quote behind them."""

WROTE = (
    *("schrieb", "geschrieben", "schreibt"),
    *("wrote", "writes", "quoting "),
    *("a écrit", "écrit", "ecrit"),
    *("pisze", "napisa"),
    *("ha scritto", "scrive"),
    *("escribió", "escribio", "escribe"),
    *("schreef", "geschreven"),
    *("escreveu", "skrev", "zitat von"),
)

SEPARATORS = frozenset(
    (
        *("ursprüngliche nachricht", "originalnachricht", "original-nachricht", "urspruengliche nachricht"),
        *("weitergeleitete nachricht", "anfang der weitergeleiteten nachricht", "weitergeleitete e-mail"),
        *("original message", "forwarded message", "begin forwarded message", "reply message", "original e-mail"),
        *("original email", "forwarded mail", "original appointment"),
        *("message d'origine", "message original", "message transféré", "début du message réexpédié"),
        *("message initial", "courriel original", "e-mail d'origine", "mail original"),
        *("oryginalna wiadomość", "wiadomość oryginalna", "wiadomość oryginalna", "treść oryginalnej wiadomości"),
        *("wiadomość przekazana dalej", "przekazana wiadomość", "początek przekazanej wiadomości"),
        *("treść przekazanej wiadomości",),
        *("messaggio originale", "messaggio inoltrato", "inizio messaggio inoltrato", "messaggio d'origine"),
        *("mensaje original", "mensaje reenviado", "inicio del mensaje reenviado", "correo original"),
        *("oorspronkelijk bericht", "doorgestuurd bericht", "begin doorgestuurd bericht", "origineel bericht"),
        *("oorspronkelijke bericht", "originele bericht"),
    )
)

LABELS = {
    "from": (
        *("von", "from", "de", "da", "od", "van", "expéditeur", "absender", "mittente", "remitente", "nadawca"),
        *("från", "fra", "feladó", "de la", "lähettäjä"),
    ),
    "sent": (
        *("gesendet", "datum", "gesendet am", "sent", "date", "envoyé", "envoyé le", "date d'envoi"),
        *("inviato", "data", "data invio", "enviado", "enviado el", "fecha"),
        *("wysłano", "wysłane", "data wysłania", "verzonden", "verzonden op"),
        *("skickat", "sendt", "odesláno", "elküldve", "trimis", "lähetetty"),
    ),
    "to": (
        *("an", "to", "à", "a", "para", "do", "aan", "destinataire", "pour", "empfänger", "destinatario", "adresat"),
        *("till", "til", "komu", "címzett", "către", "vastaanottaja"),
    ),
    "cc": ("cc", "kopie", "dw", "kopia", "copie à", "copie", "copia"),
    "subject": (
        *("betreff", "subject", "objet", "oggetto", "asunto", "temat", "onderwerp", "sujet"),
        *("ämne", "emne", "předmět", "tárgy", "assunto", "subiect", "aihe"),
    ),
}
"""The fields at the head of a quoted mail; programs of neighbouring countries are met as well."""

FORWARDED = (
    *("weitergeleitet von", "forwarded by", "transféré par", "przekazane przez", "inoltrato da", "reenviado por"),
    *("doorgestuurd door", "gesendet von", "sent by", "forwarded message from", "weitergeleitete nachricht von"),
)
"""Between dashes, with the name of who did it (Notes) or wrote it (Mutt)."""

ABOVE = (
    *("above this line", "oberhalb dieser zeile", "über dieser zeile", "ueber dieser zeile"),
    *(
        "au-dessus de cette ligne",
        "powyżej tej linii",
        "nad tą linią",
        "sopra questa riga",
        "al di sopra di questa linea",
    ),
    *("encima de esta línea", "por encima de esta linea", "boven deze lijn", "boven deze regel"),
)
"""A ticket system's line, below which the conversation so far follows."""

# What begins an addition.
POSTSCRIPTS = (
    r"n\.? ?b\.?|p\.? ?s\.?|p\.? ?p\.? ?s|post ?scriptum|nachtrag|nachsatz|korrektur|update|edit|addendum|correction"
    r"|postscript|ajout|rectificatif|aggiunta|aggiornamento|correzione|añadido|posdata|p\.? ?d|actualización|corrección"
    r"|naschrift|aanvulling|correctie|dopisek|uzupełnienie|aktualizacja|korekta"
)
SENT_FROM = (
    *(
        "von meinem ",
        "gesendet von ",
        "gesendet mit ",
        "diese nachricht wurde von meinem",
        "outlook für ",
        "holen sie sich outlook",
    ),
    *("mit der gmx", "mit der web.de", "versendet mit ", "get outlook for", "sent from ", "sent with ", "outlook for "),
    *("envoyé de mon ", "envoyé depuis ", "envoyé avec ", "envoyé à partir ", "télécharger outlook", "obtenez outlook"),
    *("wysłano z ", "wysłane z ", "pobierz outlook", "wysłano za pomocą"),
    *("inviato da ", "inviato dal ", "scarica outlook", "ottieni outlook"),
    *("enviado desde ", "enviado con ", "obtener outlook", "descargar outlook"),
    *("verzonden vanaf ", "verstuurd vanaf ", "verzonden met ", "verstuurd met ", "outlook voor ", "download outlook"),
)
"""How programs sign for themselves, at the beginning of a short line."""

CLOSINGS = (
    *("grüße", "gruß", "grüsse", "gruss", "mit freundlich", "hochachtungsvoll"),
    *("regards", "sincerely", "cheers", "best wishes", "cordialement", "bien à vous", "salutations"),
    *("pozdraw", "poważaniem", "szacunku", "saluti", "cordialmente", "saludo", "atentamente", "groet"),
)
CLOSING_LETTERS = {"mfg", "lg", "vg", "bg", "mvg", "br", "kr", "pozdr.", "cdlt"}
"""How a letter ends: what follows of telephones and registers is the sender's letterhead."""

BANNERS = (
    *("[external]", "[extern]", "[ext]", "external email", "external sender", "externe e-mail", "externer absender"),
    *("originated from outside", "from outside of the organi", "from outside the organi", "outside of your organi"),
    *("outside your organi", "email from an external", "message from an external", "e-mail from an external"),
    *("von außerhalb", "ausserhalb der organisation", "ausserhalb des unternehmens", "externen absender"),
    *("extern versendet", "stammt von extern", "kommt von extern", "einer externen quelle"),
    *("you don't often get email from", "learn why this is important"),
    *("sie erhalten nicht oft eine e-mail", "sie erhalten nicht häufig e-mails", "erfahren sie, warum dies wichtig"),
    *("provient de l'extérieur", "expéditeur externe", "courriel externe"),
    *("extérieur de votre organisation", "extérieur de l'organisation", "vous ne recevez pas souvent"),
    *("spoza organizacji", "zewnętrznego nadawcy", "nadawca zewnętrzny", "wiadomość zewnętrzna", "spoza firmy"),
    *("nieczęsto otrzymujesz wiadomości",),
    *(
        "mittente esterno",
        "esterna all'organizzazione",
        "esterno all'organizzazione",
        "e-mail esterna",
        "email esterna",
    ),
    *("all'esterno dell'organizzazione", "non si ricevono spesso messaggi"),
    *(
        "remitente externo",
        "correo externo",
        "fuera de la organización",
        "externo a la organización",
        "no suele recibir",
    ),
    *(
        "buiten de organisatie",
        "externe afzender",
        "extern e-mailbericht",
        "buiten uw organisatie",
        "u ontvangt niet vaak",
    ),
)
"""What a firm's mail server writes above or below what its people write or get."""

FOOTERS = (
    *("by zendesk", "door zendesk", "par zendesk", "von zendesk", "da zendesk", "przez zendesk", "por zendesk"),
    *("powered by zendesk", "powered by freshdesk", "powered by jira", "powered by hubspot", "powered by help scout"),
    *("denken sie an die umwelt", "an die umwelt denken", "bevor sie diese e-mail", "bevor sie diese mail ausdrucken"),
    *(
        "before printing",
        "think before you print",
        "consider the environment",
        "avant d'imprimer",
        "pensez à l'environnement",
    ),
    *("przed wydrukowaniem", "prima di stampare", "antes de imprimir", "voordat u deze", "denk aan het milieu"),
    *("auf viren geprüft", "virenfrei", "checked for viruses", "virus-free", "sans virus", "wolne od wirusów"),
    *("privo di virus", "libre de virus", "virusvrij", "gecontroleerd op virussen"),
    *("hinweise zum datenschutz", "informationen zum datenschutz", "datenschutzerklärung", "datenschutzhinweise"),
    *(
        "privacy policy",
        "privacy notice",
        "politique de confidentialité",
        "polityka prywatności",
        "informativa sulla privacy",
    ),
    *("política de privacidad", "privacyverklaring", "allgemeinen geschäftsbedingungen", "es gelten unsere agb"),
    *("folgen sie uns auf", "folge uns auf", "folgt uns auf", "follow us on", "suivez-nous sur", "seguici su"),
    *("síguenos en", "volg ons op", "obserwuj nas", "impressum", "mentions légales", "aviso legal", "note legali"),
    *("newsletter abbestellen", "vom newsletter abmelden", "im browser ansehen", "im browser anzeigen"),
    *("view this email in your browser", "view in browser", "unsubscribe", "se désabonner", "se désinscrire"),
    *("annulla l'iscrizione", "darse de baja", "afmelden voor", "wypisz się", "dans votre navigateur"),
    *("no responda a este", "no conteste a este", "no responder a este"),
    *("nel browser", "en el navegador", "in uw browser", "in je browser", "w przeglądarce"),
)
"""What programs and firms put below a mail, a line each."""

NOTICES = (
    *("vertraulich", "nicht der richtige adressat", "nicht der vorgesehene empfänger", "irrtümlich erhalten"),
    *("nur für den adressaten", "für den genannten empfänger", "ausschließlich für den", "unbefugte weitergabe"),
    *("confidential", "intended recipient", "received this e-mail in error", "received this email in error"),
    *("privileged", "received this message in error", "received it in error", "intended solely", "intended only for"),
    *("solely for the addressee", "named addressee", "unauthorised use", "unauthorized use"),
    *("confidentiel", "destinataire prévu", "reçu ce message par erreur", "reçu cet e-mail par erreur"),
    *("reçu par erreur", "exclusivement destiné", "usage exclusif", "intention exclusive", "attention exclusive"),
    *("poufn", "zamierzonym adresatem", "omyłkowo", "przez pomyłkę"),
    *("wyłącznie dla adresata", "wyłącznie do użytku adresata", "nie są państwo adresatem"),
    *(
        "riservat",
        "confidenzial",
        "ricevuto questo messaggio per errore",
        "ricevuta per errore",
        "ricevuto per errore",
        "non siete il destinatario",
        "uso esclusivo del destinatario",
        "destinate esclusivamente",
    ),
    *("confidencial", "destinatario previsto", "recibido este mensaje por error", "no es el destinatario"),
    *("recibido por error", "exclusivamente a su destinatario", "uso exclusivo del destinatario"),
    *("vertrouwelijk", "beoogde ontvanger", "per vergissing", "bestemd voor de geadresseerde"),
    *("uitsluitend bestemd voor", "abusievelijk ontvangen", "ten onrechte ontvangen"),
)
"""Two of these in one paragraph, and it is what firms' mail servers put below every mail."""
