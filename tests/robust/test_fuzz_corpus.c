/* Every file of the fuzzer's corpus, and every prefix of it, through the fuzz
 * target; also the shipped and the wrong cases. */
#include "support.h"

#include <dirent.h>

#include "fuzz_case.c"

static size_t run_folder(const char *folder, bool prefixes)
{
  size_t n = 0;
  DIR *files = opendir(folder);
  assert_non_null(files);
  for (struct dirent *entry; (entry = readdir(files)) != NULL;) {
    if (entry->d_name[0] == '.' || entry->d_type == DT_DIR)
      continue;
    char path[1024];
    size_t length = 0;
    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    char *data = read_whole(path, &length);
    assert_non_null(data);
    for (size_t m = prefixes ? 0 : length; m <= length; m += 1 + length / 100)
      LLVMFuzzerTestOneInput((const uint8_t *)data, m);
    LLVMFuzzerTestOneInput((const uint8_t *)data, length);
    free(data);
    ++n;
  }
  closedir(files);
  return n;
}

static void the_corpus_does_no_harm(void **state)
{
  (void)state;
  assert_true(run_folder(LMX_SOURCE_DIR "/tests/robust/corpus", true) >= 20);
}

static void cases_do_no_harm(void **state)
{
  (void)state;
  assert_true(run_folder(LMX_SOURCE_DIR "/cases", true) >= 13);
  assert_true(run_folder(LMX_SOURCE_DIR "/cases/moments", true) >= 3);
  assert_true(run_folder(LMX_SOURCE_DIR "/tests/robust/bad_cases", false) >=
              100);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_corpus_does_no_harm),
      cmocka_unit_test(cases_do_no_harm),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
