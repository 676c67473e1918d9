"""Words for what leaves and for what arrives: a day beside the one is none of the other."""

import re

from daemon.rules.accents import bare_too

LEAVES = re.compile(
    bare_too(
        r"\bsend(?:e|en|s|ing)?\b|\bsent\b|versend|schick|geh[te]|raus|\blos\b|versand|abhol|ship|d[ei]spatch"
        r"|\bgo(?:es)?\b|leav|post|pick-?up|collect|expédi|envo|enverr|part|enlèvement|ramassage|sped|ritir|env[ií]|sal[ed]|recog|wyś|wysył"
        r"|wyjd|odbi[oó]r|verz|stur|ophaal|afhaal|vertrek|przeka[zż]"
        r"|\bmand(?:o|amos|ando|ar\w*|iamo|er\w*)\b|despach|\bnad(?:a|amy|am|aje\w*|aję)\b|wychodz|pojedzie|pójdzie"
    ),
    re.IGNORECASE,
)
ARRIVES = re.compile(
    bare_too(
        # Who says "we deliver" hands it over.
        r"ankunft|ankomm|kommt an|eintreff|zustell|zugestellt|arriv|deliver|livr(?!ons|erons|erai)"
        r"|consegn(?!o\b|iamo|eremo|erò)|entreg(?!o\b|amos|aremos|aré)|llega|dostaw|dor[eę]cz(?!ymy|[eę]\b)|dotrze|bezorg|aankom"
    ),
    re.IGNORECASE,
)
LEFT = re.compile(
    bare_too(
        r"versand|versendet|verschickt|abgeschickt|rausgegangen|\braus\b|übergeben|abgegeben|eingeliefert|abgeholt"
        r"|mitgenommen|\bging(?:en)?\b|gegangen|verlassen|\bseit\b"
        r"|expedier|aufgegeben|\bgeschickt|abgegangen|abgesandt"
        r"|ship(?:ped|date| date)|d[ei]spatched|\bsent\b|\bleft\b|went|handed|collected|picked up|posted|dropped"
        r"|took|taken|\bsince\b|depart"
        r"|expédié|envoyé|parti|remis|enlevé|déposé|posté|ramassé|confié|\blaissée?s?\b|\blaisse au"
        r"|spedit|inviat|ritirat|consegnat|affidat|lasciat|portat[oaie]\b|\bdat[oaie] (?:al?|alla|a un)\b"
        r"|envi(?:ad|ó|é|amos)|sali(?:d|ó|eron)|recogid|entregad|\bdej(?:é|e|ado|amos)\b|llevad|\b(?:dado|dio|di) al?\b"
        r"|wysła[nlł]|nadan|nadał|odebran|posz(?:ł|ed)|wysz(?:ł|ed)|jechał|zostawi[łl]|przekaza[łn]"
        r"|\b(?:od)?dał\w* kurier"
        r"|verzonden|verstuurd|afgegeven|achtergelaten|gebracht"
        r"|opgehaald|meegenomen|opgestuurd|meegegeven|overgedragen|ingeleverd|weggebracht"
    ),
    re.IGNORECASE,
)
# What is done to goods before they leave.
PREPARES = re.compile(
    bare_too(
        r"pack|verpack|bereit|vorbereit|kommission|prepar|emball|prépar|imball|confezion|inscatol|embal|empaquet"
        r"|pakuj|pakow|spakuj|przygot|inpak|pakken|klaarmak|klaarzet"
    ),
    re.IGNORECASE,
)
# Of what is over for certain: "verschickt" and "shipped" may also stand behind "will be".
WENT = re.compile(
    bare_too(
        r"\b(?:went|left|was|were|ging(?:en)?|wurden?|(?:est|sont) partie?s?|sali(?:ó|eron)"
        r"|(?:è|sono) (?:stat\w )?partit\w|posz(?:ła|ło|ły|edł|li))\b"
    ),
    re.IGNORECASE,
)
# Of what comes back into stock, and of the day itself.
COMES = re.compile(
    r"komm|wieder|nachschub|liefer|\brein|verfügbar|lager|bestand|erwart|rechn|termin|\btag|neue|fertig|soweit|klapp"
    r"|schaff|krieg|bekomm|\bback|again|\bdue\b|expect|\bcome|coming|stock|available|ready|\bdate|\bin on\b|\bnew\b"
    r"|\bmore\b|\bget|receiv"
    r"|revien|retour|dispon|réassort|approvis|recev|attend|prêt|nouve|torn|riforn|pront|attes|arriv|nuov|\bdata|ricev"
    r"|vuel|\btra(?:e|en|erá|erán)\b|repos|recib|esper|list[oa]|nuev|fecha|volv|\bentra(?:n|rá|rán)?\b|wróc|będzi|dostę|przyj|spodziew|gotow|now[aey]"
    r"|dosta|otrzym"
    r"|terug|lever|komt|binnen|verwacht|klaar|nieuw|krijg",
    re.IGNORECASE,
)
