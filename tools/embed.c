/*
 * embed — turn files into one C source with a table of them.
 *
 *   embed OUT.c SYMBOL FILE…
 *
 * The table is `const struct embed_file SYMBOL[]`, in the order given, ended by
 * an entry without a name; names are the files' last path part.
 */
#include <stdio.h>
#include <string.h>

static const char *
last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

static int
write_file(FILE *out, const char *path, int number, size_t *ret_size)
{
	FILE *in = fopen(path, "rb");
	size_t n = 0;
	int c;

	if (in == NULL) {
		fprintf(stderr, "embed: cannot open %s\n", path);
		return -1;
	}
	fprintf(out, "static const unsigned char data_%d[] = {", number);
	while ((c = getc(in)) != EOF)
		fprintf(out, "%s%d,", n++ % 24 == 0 ? "\n" : "", c);
	fprintf(out, "\n0};\n");
	*ret_size = n;
	return fclose(in);
}

int
main(int argc, char **argv)
{
	size_t sizes[1024];
	FILE *out;
	int i;

	if (argc < 3 || argc - 3 > 1024) {
		fprintf(stderr, "usage: embed OUT.c SYMBOL FILE...\n");
		return 2;
	}
	out = fopen(argv[1], "wb");
	if (out == NULL) {
		fprintf(stderr, "embed: cannot write %s\n", argv[1]);
		return 1;
	}
	fprintf(out, "#include \"base/embed.h\"\n");
	for (i = 3; i < argc; i++)
		if (write_file(out, argv[i], i, &sizes[i - 3]) != 0)
			return 1;
	fprintf(out, "extern const struct embed_file %s[];\n", argv[2]);
	fprintf(out, "const struct embed_file %s[] = {\n", argv[2]);
	for (i = 3; i < argc; i++)
		fprintf(out, "\t{\"%s\", data_%d, %zu},\n", last_part(argv[i]), i, sizes[i - 3]);
	fprintf(out, "\t{0, 0, 0},\n};\n");
	return fclose(out) == 0 ? 0 : 1;
}
