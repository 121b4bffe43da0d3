/*
 * fault.h — named points where the crash suite ends the process.
 *
 * FAULT("outbox.claimed") is empty unless the build defines TOCSIN_FAULTS.
 * Then the environment variable TOCSIN_FAULT="outbox.claimed:3" ends the
 * process with _exit(86) at the third pass, and TOCSIN_FAULT_LOG=FILE appends the name of
 * each point passed for the first time, so that the suite can list them.
 */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#ifdef TOCSIN_FAULTS
void fault_point(const char *name);
#define FAULT(name) fault_point(name)
#else
#define FAULT(name) ((void)0)
#endif

#endif
