/*
 * main.c — the program: everything is in the command tables.
 */
#include "cmd/cmd.h"

int
main(int argc, char **argv)
{
	return (int)cmd_main(argc, argv);
}
