/*
 * sample_names.c — common given and family names in several scripts.
 */
#include "base/compiler.h"
#include "people/sample_table.h"

static const struct sample_name fr_given[] = {
	{"Camille", "camille"}, {"Élodie", "elodie"},     {"Jérôme", "jerome"}, {"Luc", "luc"},
	{"Manon", "manon"},     {"Noé", "noe"},           {"Océane", "oceane"}, {"Rémi", "remi"},
	{"Solène", "solene"},   {"Thibault", "thibault"},
};
static const struct sample_name fr_family[] = {
	{"Bernard", "bernard"}, {"Lefèvre", "lefevre"},     {"Moreau", "moreau"},
	{"Garnier", "garnier"}, {"Chevalier", "chevalier"}, {"d'Aubigné", "daubigne"},
	{"Le Goff", "legoff"},  {"Rousseau", "rousseau"},   {"Béranger", "beranger"},
};
static const struct sample_name de_given[] = {
	{"Anke", "anke"},     {"Björn", "bjoern"},   {"Claudia", "claudia"},
	{"Dieter", "dieter"}, {"Jürgen", "juergen"}, {"Katrin", "katrin"},
	{"Lena", "lena"},     {"Sören", "soeren"},   {"Uwe", "uwe"},
};
static const struct sample_name de_family[] = {
	{"Müller", "mueller"},  {"Schäfer", "schaefer"},   {"Groß", "gross"},
	{"Winkler", "winkler"}, {"Köhler", "koehler"},     {"Vogel", "vogel"},
	{"Brandt", "brandt"},   {"von Hagen", "vonhagen"},
};
static const struct sample_name en_given[] = {
	{"Alice", "alice"}, {"Brian", "brian"}, {"Chloe", "chloe"},     {"Dylan", "dylan"},
	{"Emily", "emily"}, {"Grace", "grace"}, {"Harriet", "harriet"}, {"Owen", "owen"},
	{"Siân", "sian"},   {"Tom", "tom"},
};
static const struct sample_name en_family[] = {
	{"Ashworth", "ashworth"}, {"Bennett", "bennett"}, {"Carter", "carter"},
	{"Fletcher", "fletcher"}, {"Hughes", "hughes"},   {"Marsh", "marsh"},
	{"O'Connor", "oconnor"},  {"Walker", "walker"},   {"Smith-Jones", "smith-jones"},
};
static const struct sample_name ru_given[] = {
	{"Анна", "anna"},  {"Борис", "boris"},   {"Дарья", "darya"},
	{"Игорь", "igor"}, {"Ксения", "ksenia"}, {"Максим", "maksim"},
	{"Ольга", "olga"}, {"Сергей", "sergey"}, {"Юлия", "yulia"},
};
static const struct sample_name ru_family[] = {
	{"Белова", "belova"},        {"Кузнецов", "kuznetsov"}, {"Морозова", "morozova"},
	{"Орлов", "orlov"},          {"Соколова", "sokolova"},  {"Тихонов", "tikhonov"},
	{"Щербаков", "shcherbakov"},
};
static const struct sample_name uk_given[] = {
	{"Андрій", "andrii"}, {"Галина", "halyna"}, {"Зоряна", "zoriana"},
	{"Їржі", "yirzhi"},   {"Оксана", "oksana"}, {"Тарас", "taras"},
};
static const struct sample_name uk_family[] = {
	{"Бондаренко", "bondarenko"}, {"Гончар", "honchar"},  {"Коваленко", "kovalenko"},
	{"Мельник", "melnyk"},        {"Шевчук", "shevchuk"},
};
static const struct sample_name ar_given[] = {
	{"أحمد", "ahmad"}, {"ليلى", "layla"}, {"مريم", "maryam"},
	{"يوسف", "yusuf"}, {"سارة", "sara"},  {"خالد", "khalid"},
};
static const struct sample_name ar_family[] = {
	{"الحداد", "alhaddad"}, {"حسن", "hasan"},   {"منصور", "mansour"},
	{"النجار", "alnajjar"}, {"خليل", "khalil"},
};
static const struct sample_name zh_given[] = {
	{"伟", "wei"},  {"芳", "fang"}, {"秀英", "xiuying"},
	{"洋", "yang"}, {"静", "jing"}, {"子轩", "zixuan"},
};
static const struct sample_name zh_family[] = {
	{"王", "wang"}, {"李", "li"}, {"张", "zhang"}, {"陈", "chen"}, {"欧阳", "ouyang"},
};
static const struct sample_name ja_given[] = {
	{"さくら", "sakura"}, {"健太", "kenta"}, {"美咲", "misaki"},
	{"翔", "sho"},        {"陽子", "yoko"},
};
static const struct sample_name ja_family[] = {
	{"佐藤", "sato"},     {"鈴木", "suzuki"},    {"高橋", "takahashi"},
	{"渡辺", "watanabe"}, {"小林", "kobayashi"},
};
static const struct sample_name es_given[] = {
	{"Begoña", "begona"}, {"Íñigo", "inigo"},   {"José María", "josemaria"},
	{"Lucía", "lucia"},   {"Martín", "martin"}, {"Pilar", "pilar"},
};
static const struct sample_name es_family[] = {
	{"García Peña", "garciapena"}, {"Núñez", "nunez"},     {"Ortega", "ortega"},
	{"Ibáñez", "ibanez"},          {"Vázquez", "vazquez"},
};
static const struct sample_name pt_given[] = {
	{"Conceição", "conceicao"}, {"João", "joao"},   {"Inês", "ines"},
	{"Tiago", "tiago"},         {"Luísa", "luisa"},
};
static const struct sample_name pt_family[] = {
	{"Gonçalves", "goncalves"},
	{"Magalhães", "magalhaes"},
	{"Sousa", "sousa"},
	{"Pereira", "pereira"},
};
static const struct sample_name ka_given[] = {
	{"ნინო", "nino"},
	{"გიორგი", "giorgi"},
	{"თამარ", "tamar"},
	{"დავით", "davit"},
};
static const struct sample_name ka_family[] = {
	{"ბერიძე", "beridze"},
	{"კაპანაძე", "kapanadze"},
	{"მაისურაძე", "maisuradze"},
};
static const struct sample_name hi_given[] = {
	{"आरती", "aarti"},
	{"राहुल", "rahul"},
	{"प्रिया", "priya"},
	{"विक्रम", "vikram"},
};
static const struct sample_name hi_family[] = {
	{"शर्मा", "sharma"},
	{"पटेल", "patel"},
	{"गुप्ता", "gupta"},
	{"सिंह", "singh"},
};

#define NAMES(x) x##_given, ARRAY_LEN(x##_given), x##_family, ARRAY_LEN(x##_family)

const struct sample_origin sample_origins[] = {
	{"FR", "fr", NAMES(fr), 16},     {"BE", "fr;nl", NAMES(fr), 3},
	{"CH", "fr;de", NAMES(fr), 2},   {"DE", "de", NAMES(de), 14},
	{"AT", "de", NAMES(de), 3},      {"GB", "en", NAMES(en), 14},
	{"US", "en", NAMES(en), 14},     {"CA", "en;fr", NAMES(en), 5},
	{"IE", "en", NAMES(en), 2},      {"AU", "en", NAMES(en), 4},
	{"RU", "ru", NAMES(ru), 8},      {"KZ", "ru;kk", NAMES(ru), 1},
	{"UA", "uk;ru", NAMES(uk), 5},   {"LB", "ar;fr", NAMES(ar), 2},
	{"EG", "ar;en", NAMES(ar), 2},   {"JO", "ar", NAMES(ar), 1},
	{"CN", "zh-Hans", NAMES(zh), 4}, {"JP", "ja", NAMES(ja), 4},
	{"ES", "es", NAMES(es), 6},      {"MX", "es", NAMES(es), 3},
	{"BR", "pt-BR", NAMES(pt), 4},   {"PT", "pt", NAMES(pt), 3},
	{"GE", "ka;ru", NAMES(ka), 1},   {"IN", "hi;en", NAMES(hi), 4},
};
const size_t sample_origin_count = ARRAY_LEN(sample_origins);
