/*
 * limits.h — every bound on what comes from outside, in one place.
 * Sizes in bytes unless the name says otherwise.
 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#define KIB ((size_t)1024)
#define MIB (1024 * KIB)
#define GIB (1024 * MIB)

/* CAP messages (DESIGN 5.1, 7) */
#define LIMIT_CAP_FILE       (4 * MIB)
#define LIMIT_CAP_TAG        (4 * KIB)
#define LIMIT_CAP_DEPTH      32
#define LIMIT_CAP_INFOS      64
#define LIMIT_CAP_AREAS      4096   /* of all infos together */
#define LIMIT_CAP_ITEMS      65536  /* elements kept of one message */
#define LIMIT_CAP_TAGS       65536  /* start tags and processing instructions of one message */
#define LIMIT_CAP_ATTRIBUTES 4096   /* of one message; CAP elements have none, signatures few */
#define LIMIT_CAP_POINTS     200000 /* polygon points of one message */
#define LIMIT_CAP_FINDINGS   1000   /* listed of one message */
#define LIMIT_CAP_ALERTS     4096   /* in one feed or envelope */

/* messages looked at together, as threads */
#define LIMIT_THREAD_MESSAGES   1000000
#define LIMIT_THREAD_REFERENCES 4000000

/* people CSV */
#define LIMIT_CSV_LINE     (64 * KIB)
#define LIMIT_CSV_FILE     (16 * GIB)
#define LIMIT_REF          64
#define LIMIT_NAME         256
#define LIMIT_EMAIL        254 /* RFC 5321 4.5.3.1.3, less the brackets */
#define LIMIT_PHONE        16  /* '+' and 15 digits, E.164 */
#define LIMIT_CITIZENSHIPS 16  /* per person */
#define LIMIT_LANGUAGES    16
#define LIMIT_GROUPS       32
#define LIMIT_GROUP        64
#define LIMIT_STAYS        1000 /* per person */
#define LIMIT_CONTACTS     16   /* per person */
#define LIMIT_LANGUAGE     35   /* one tag, RFC 5646 4.4.1 */

/* audience expression */
#define LIMIT_EXPR       (4 * KIB)
#define LIMIT_EXPR_DEPTH 64
#define LIMIT_EXPR_TERMS 256

/* configuration, keys, small files */
#define LIMIT_CONFIG   (256 * KIB)
#define LIMIT_KEY_FILE (64 * KIB)
#define LIMIT_PASSWORD 1024

/* HTTP */
#define LIMIT_HTTP_HEADER (8 * KIB)
#define LIMIT_HTTP_BODY   (4 * MIB + 64 * KIB)
#define LIMIT_HTTP_BODIES (64 * MIB) /* of all requests under way together */
/* Who signs in is not kept out by large bodies; 4000 connections hold 32 MiB of these at most. */
#define LIMIT_HTTP_BODY_SMALL (8 * KIB)
#define LIMIT_HTTP_URL        (2 * KIB)
#define LIMIT_HTTP_PAGE       (16 * MIB)
#define LIMIT_HTTP_HEADERS    64   /* fields of one request's or answer's head */
#define LIMIT_HTTP_FIELDS     4096 /* fields of one form or query */

/* SMTP: RFC 5321 4.5.3.1.5 wants 512 octets; real servers send more */
#define LIMIT_SMTP_LINE  (4 * KIB)
#define LIMIT_SMTP_REPLY (64 * KIB)
#define LIMIT_MESSAGE    (1 * MIB)

/* between roles */
#define LIMIT_FRAME       (16 * MIB)
#define LIMIT_SEALED_TEXT (4 * KIB) /* one name, address or note */
#define LIMIT_PURPOSE     256       /* why something is opened */
#define BATCH_SEALER      2000      /* items asked of the role keys at once */

/* work at a time */
#define BATCH_ROWS  2000 /* rows written in one transaction by a fan-out */
#define BATCH_CLAIM 500  /* deliveries claimed at once */

#endif
