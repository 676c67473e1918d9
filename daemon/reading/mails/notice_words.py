"""The words by which machines show themselves, in the languages that partners write."""

ROBOTS = ("mailer-daemon", "postmaster", "mailerdaemon", "mail-daemon", "microsoftexchange", "bounce")

UNDELIVERABLE = (
    *("undeliver", "delivery status", "failure notice", "mail delivery failed", "returned mail", "returned to sender"),
    *("delivery failure", "delivery has failed", "could not be delivered", "mail system error", "delivery incomplete"),
    *("unzustellbar", "nicht zustellbar", "zustellung fehlgeschlagen", "nicht zugestellt", "zurückgesandt"),
    *("non remis", "échec de la remise", "non distribué", "non délivré", "échec de livraison"),
    *("mancato recapito", "non recapitabil", "recapito non riuscito", "mancata consegna"),
    *("nie dostarczono", "nie można dostarczyć", "niedostarcz", "nie powiodło się"),
    *("no se puede entregar", "no entregado", "no se pudo entregar", "entrega fallida"),
    *("onbestelbaar", "niet bezorgd", "niet afgeleverd", "kan niet worden bezorgd"),
)
"""In the subject of a mail from a robot."""

WAITING = (
    *("delayed", "delay)", "will be retried", "still being retried", "still trying", "not yet been delivered"),
    *("will keep trying", "will continue to be made", "warning:", "temporary problem"),
    *("verzögert", "noch nicht zugestellt", "weiter versucht", "weitere zustellversuche", "verzögerung"),
    *("retardé", "pas encore été remis", "nouvelle tentative"),
    *("ritardat", "non ancora recapitat", "nuovo tentativo"),
    *("retrasad", "todavía no se ha entregado", "seguirá intentando"),
    *("opóźnion", "jeszcze nie dostarczon", "ponawiane"),
    *("vertraagd", "nog niet bezorgd", "opnieuw geprobeerd"),
)
FOR_GOOD = (
    *("permanent", "gave up", "giving up", "not be delivered", "does not exist", "unknown user", "user unknown"),
    *("nicht zugestellt werden", "existiert nicht", "unbekannt", "endgültig", "dauerhaft"),
)

AWAY_SUBJECTS = (
    *("auto-antwort", "autoantwort", "autom. antwort", "automatische nachricht", "automatische rückmeldung"),
    *("automatische eingangsbestätigung", "automated reply", "automated response", "automatic confirmation"),
    *("réponse auto", "message automatique", "messaggio automatico", "risposta auto", "mensaje automático"),
    *(
        "auto-respuesta",
        "wiadomość automatyczna",
        "automatyczna wiadomość",
        "automatisch bericht",
        "automatische reactie",
    ),
    *("automatische antwort", "abwesenheit", "abwesend", "außer haus", "urlaubsnotiz", "bin im urlaub"),
    *(
        "automatic reply",
        "automatic response",
        "auto reply",
        "auto-reply",
        "autoreply",
        "auto response",
        "autoresponse",
    ),
    *("autoresponder", "auto:", "out of office", "out-of-office", "ooo:", "on vacation", "vacation reply", "on leave"),
    *("réponse automatique", "absence du bureau", "absent du bureau", "message d'absence", "notification d'absence"),
    *("absence :", "absence:"),
    *("risposta automatica", "fuori ufficio", "fuori sede", "assenza", "assente"),
    *("respuesta automática", "respuesta automatica", "fuera de la oficina", "ausencia", "ausente"),
    *("automatisch antwoord", "automatische beantwoording", "afwezig", "niet op kantoor", "buiten kantoor"),
    *(
        "niet aanwezig",
        "nicht im haus",
        "nicht im büro",
        "away from the office",
        "je suis absent",
        "non sono in ufficio",
    ),
    *("no estoy en la oficina", "jestem nieobecn"),
    *("odpowiedź automatyczna", "automatyczna odpowiedź", "autoodpowiedź", "nieobecność", "poza biurem"),
)
"""How the subject of an automatic reply begins."""

AWAY = (
    *(
        "außerhalb der geschäftszeiten",
        "außerhalb unserer geschäftszeiten",
        "außerhalb der bürozeiten",
        "betriebsferien",
    ),
    *("betriebsurlaub", "business hours", "office hours", "opening hours", "company holiday", "we are closed"),
    *("heures d'ouverture", "fermeture annuelle", "orario di apertura", "orario d'ufficio", "chiusura per ferie"),
    *("fuera de horario", "horario de atención", "cerrado por vacaciones", "poza godzinami", "przerwa urlopowa"),
    *("kantooruren", "openingstijden", "bedrijfsvakantie"),
    *("nicht im büro", "nicht im hause", "außer haus", "abwesend", "im urlaub", "nicht erreichbar", "nicht am platz"),
    *(
        "out of the office",
        "out of office",
        "away from the office",
        "away from my desk",
        "on annual leave",
        "on vacation",
    ),
    *("on leave", "on holiday", "limited access to"),
    *("absent du bureau", "absente du bureau", "suis absent", "serai absent", "en congé", "actuellement absent"),
    *("fuori ufficio", "fuori sede", "sono assente", "sarò assente", "in ferie", "non sono in ufficio"),
    *("fuera de la oficina", "estoy ausente", "estaré ausente", "de vacaciones", "no estoy disponible"),
    *("poza biurem", "na urlopie", "jestem nieobecn", "będę nieobecn", "nieobecna", "nieobecny"),
    *("niet op kantoor", "ben afwezig", "ben ik afwezig", "buiten kantoor", "op vakantie", "met verlof"),
)
CLOSED = (
    *(
        "büro ist geschlossen",
        "büros sind geschlossen",
        "bleibt geschlossen",
        "geschlossen bis",
        "haben wir geschlossen",
    ),
    *("office is closed", "offices are closed", "closed until", "closed for", "closed from"),
    *("bureaux sont fermés", "bureau est fermé", "sommes fermés", "seront fermés", "fermés jusqu"),
    *("uffici sono chiusi", "ufficio è chiuso", "siamo chiusi", "saremo chiusi", "chiusi fino"),
    *("oficinas están cerradas", "oficina está cerrada", "estamos cerrados", "cerrados hasta", "cerradas hasta"),
    *("biuro jest nieczynne", "biuro jest zamknięte", "nieczynne do", "zamknięte do"),
    *("kantoor is gesloten", "kantoren zijn gesloten", "zijn gesloten", "gesloten tot"),
)
OF_GOODS = (
    *("bestell", "auftr", "versand", "versend", "schick", "liefer", "raus", "paket", "ware"),
    *("order", "ship", "dispatch", "despatch", "leave", "send", "sent", "goes out", "go out", "parcel"),
    *("command", "expédi", "envo", "enverr", "colis", "livr", "part"),
    *("ordin", "spedi", "invi", "pacco", "consegn", "pedido", "envi", "sale", "saldr", "paquete", "entreg"),
    *(
        "zamówien",
        "wysył",
        "wysł",
        "wyśl",
        "paczk",
        "nada",
        "wyjd",
        "bestelling",
        "verzend",
        "verstu",
        "de deur uit",
        "pakket",
    ),
)
"""Where one of these stands beside `CLOSED`, the mail may tell when an order leaves, and is read."""

BACK = (
    *("wieder erreichbar", "wieder im büro", "wieder für sie da", "wieder zurück", "nicht weitergeleitet"),
    *(
        "in dringenden fällen",
        "in dringenden angelegenheiten",
        "meine vertretung",
        "meinen vertreter",
        "nach meiner rückkehr",
    ),
    *("will be back", "upon my return", "when i return", "until i return", "back on", "return on", "returning on"),
    *("for urgent", "in urgent", "if urgent", "if your request is urgent", "not be forwarded", "not forwarded"),
    *("lu à notre retour", "notre retour", "nach unserer rückkehr", "al nostro rientro", "on our return"),
    *("a nuestra vuelta", "a nuestro regreso", "po naszym powrocie", "na onze terugkomst", "wanneer we terug zijn"),
    *("de retour", "mon retour", "en cas d'urgence", "pour toute urgence", "en mon absence", "pas transféré"),
    *(
        "sarò di ritorno",
        "al mio rientro",
        "rientrerò",
        "tornerò",
        "per urgenze",
        "in caso di urgenza",
        "in mia assenza",
    ),
    *("volveré", "a mi regreso", "a mi vuelta", "estaré de vuelta", "en caso de urgencia", "para asuntos urgentes"),
    *("wrócę", "po powrocie", "będę z powrotem", "w pilnych sprawach", "w sprawach pilnych", "w razie pilnej"),
    *("weer terug", "ben ik terug", "bij terugkomst", "na mijn terugkomst", "in dringende gevallen", "voor dringende"),
    *("spoedgevallen", "niet doorgestuurd"),
)
"""One of `AWAY` and one of these or of `MACHINE`, and the mail tells of an absence rather than of an order."""

RECEIVED = (
    *("für ihre nachricht", "für ihre anfrage", "für ihre e-mail", "für ihre mail", "bestätigen hiermit den eingang"),
    *("thank you for contacting", "thanks for contacting", "thank you for reaching", "thanks for reaching"),
    *("thank you for getting in touch", "thanks for getting in touch", "for writing to us", "case has been opened"),
    *("für ihre kontaktaufnahme", "dass sie sich an uns wenden", "de nous avoir écrit", "per averci scritto"),
    *("por escribirnos", "za kontakt z nami", "voor het contact opnemen"),
    *("thank you for your e", "thank you for your message", "thank you for your inquiry", "thanks for your message"),
    *("merci pour votre message", "merci de nous avoir contact", "merci pour votre demande", "grazie per averci"),
    *("grazie per il suo messaggio", "grazie per il tuo messaggio", "gracias por contactar", "gracias por su mensaje"),
    *("gracias por ponerse", "dziękujemy za kontakt", "dziękujemy za wiadomość", "dziękujemy za zgłoszenie"),
    *("bedankt voor uw bericht", "bedankt voor je bericht", "bedankt voor uw e-mail", "dank voor uw bericht"),
    *(
        "ihre anfrage ist bei uns eingegangen",
        "ihre anfrage erhalten",
        "ihre nachricht erhalten",
        "ihre e-mail erhalten",
    ),
    *("anliegen ist bei uns eingegangen", "ihr anliegen erhalten", "eingang ihrer nachricht", "eingang ihrer anfrage"),
    *(
        "eingang ihrer e-mail",
        "ticket wurde erstellt",
        "ticket wurde eröffnet",
        "ticket eröffnet",
        "nachricht ist eingegangen",
    ),
    *(
        "we have received your",
        "we've received your",
        "your request has been received",
        "your message has been received",
    ),
    *(
        "has been received and",
        "a ticket has been created",
        "a new ticket",
        "ticket has been opened",
        "received your email",
    ),
    *("votre demande a bien été", "votre message a bien été", "bien reçu votre demande", "bien reçu votre message"),
    *("accusé de réception",),
    *("abbiamo ricevuto la tua", "abbiamo ricevuto la sua", "abbiamo ricevuto la vostra", "richiesta è stata ricevuta"),
    *("hemos recibido su", "hemos recibido tu", "solicitud ha sido recibida", "su mensaje ha sido recibido"),
    *("otrzymaliśmy twoj", "otrzymaliśmy państwa", "zgłoszenie zostało przyjęte", "zgłoszenie zostało zarejestrowane"),
    *(
        "we hebben uw",
        "wij hebben uw",
        "we hebben je",
        "uw aanvraag is ontvangen",
        "uw bericht is ontvangen",
        "uw verzoek is ontvangen",
    ),
)
MACHINE = (
    *("automat", "automát"),  # the word's beginning in all seven languages
    *("ticket", "vorgangsnummer", "antworten sie nicht auf diese"),
    *("case number", "request id", "do not reply"),
    *("numéro de dossier", "ne pas répondre", "numéro de demande"),
    *("non rispondere", "numero di pratica", "número de caso", "no responda a este"),
    *("wygenerowan", "numer zgłoszenia", "nie odpowiada"),
    *("zaaknummer", "niet op deze e-mail"),
)
"""One of `RECEIVED` and one of these, and a ticket system acknowledges a mail rather than a person an order."""

RECEIPT_SUBJECTS = (
    *(
        "gelesen:",
        "ungelesen gelöscht:",
        "nicht gelesen:",
        "zugestellt:",
        "übermittelt:",
        "lesebestätigung",
        "empfangsbestätigung:",
    ),
    *("read:", "not read:", "deleted:", "delivered:", "relayed:", "read receipt", "return receipt", "delivery receipt"),
    *("lu :", "lu:", "non lu :", "non lu:", "remis :", "remis:", "accusé de lecture"),
    *("letto:", "non letto:", "recapitato:", "conferma di lettura", "ricevuta di lettura"),
    *("leído:", "leido:", "no leído:", "entregado:", "confirmación de lectura"),
    *("przeczytano:", "przeczytane:", "nieprzeczytane:", "dostarczono:", "potwierdzenie przeczytania"),
    *("gelezen:", "niet gelezen:", "bezorgd:", "leesbevestiging", "ontvangstbevestiging:"),
)

REACTIONS = (
    *("hat auf ihre nachricht reagiert", "hat auf deine nachricht reagiert", "hat auf ihre e-mail reagiert"),
    *("hat über gmail reagiert", "reacted via gmail", "reacted to your message", "reacted to your email"),
    *("a réagi via gmail", "a réagi à votre message", "a réagi à ton message"),
    *("ha reagito tramite gmail", "ha reagito al tuo messaggio", "ha reagito al messaggio"),
    *(
        "ha reaccionado con gmail",
        "ha reaccionado a tu mensaje",
        "reaccionó a tu mensaje",
        "ha reaccionado a través de gmail",
    ),
    *("zareagował", "zareagowała", "reaguje przez gmail"),
    *(
        "heeft gereageerd via gmail",
        "heeft via gmail gereageerd",
        "heeft op uw bericht gereageerd",
        "heeft op je bericht gereageerd",
    ),
)
"""Nothing else stands in such a mail."""
