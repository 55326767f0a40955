/*
 * A JVMTI agent that does what sampling profilers do: a timer sends signals, and the handler asks the JVM
 * for the stack trace of the thread that it has interrupted, by AsyncGetCallTrace.
 *
 * Options: "process" for one timer or "threads" for one a thread, the signal's number, and the file to
 * which a line of counts is appended when the JVM ends: traces that show a coroutine's body, then
 * how often AsyncGetCallTrace has given frames, 0, -1, -2 and so on (forte.cpp has the meanings).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <jvmti.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define MICROS 1000
#define DEPTH 256
#define RESULTS 16 /* frames, then 0 to -14 */

/* What HotSpot's forte.cpp declares; there is no header of it. */
typedef struct {
  jint line;
  jmethodID method;
} Frame;

typedef struct {
  JNIEnv *env;
  jint count;
  Frame *frames;
} Trace;

static void (*async_get_call_trace)(Trace *, jint, void *);

static JavaVM *vm;
static jvmtiEnv *jvmti;
static int of_threads;
static int signal_number;
static char *file;
static atomic_long results[RESULTS];
static atomic_long in_bodies;
static atomic_int over;

/* Where a body is called, in coroutines and in fibers. */
static _Atomic(jmethodID) run_body[2];

static __thread timer_t timer;
static __thread int has_timer;

/*
 * Whether the thread has told that it started. Before that a signal of the process's timer may interrupt it
 * where it allocates the JVM's thread-locals, and GetEnv, which reads them, would do so again and wait for
 * malloc's lock for ever. In the model of initial-exec it is there without an allocation.
 */
static __thread int __attribute__((tls_model("initial-exec"))) started;

static void sample(int number, siginfo_t *info, void *context) {
  int saved = errno;
  JNIEnv *env = NULL;
  Frame frames[DEPTH];
  Trace trace = {NULL, 0, frames};
  (void)number;
  (void)info;
  if (started && !over && (*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_1_6) == JNI_OK && env != NULL) {
    trace.env = env;
    async_get_call_trace(&trace, DEPTH, context);
    int result = trace.count > 0 ? 0 : 1 - trace.count;
    atomic_fetch_add(&results[result < RESULTS ? result : RESULTS - 1], 1);
    for (int i = 1; i < trace.count; i++) {
      if (frames[i].method != NULL &&
          (frames[i].method == run_body[0] || frames[i].method == run_body[1])) {
        atomic_fetch_add(&in_bodies, 1);
        break;
      }
    }
  }
  errno = saved;
}

/* The JVM makes the ids of a class's methods when they are asked for; in a handler it can't. */
static void prepared(jvmtiEnv *ti, jclass type) {
  jint count = 0;
  jmethodID *methods = NULL;
  char *name = NULL;
  if ((*ti)->GetClassMethods(ti, type, &count, &methods) != JVMTI_ERROR_NONE) {
    return;
  }
  if ((*ti)->GetClassSignature(ti, type, &name, NULL) == JVMTI_ERROR_NONE) {
    int kind = strcmp(name, "Ldev/stackful/CoroutineCore;") == 0  ? 0
               : strcmp(name, "Ldev/stackful/fiber/Fiber;") == 0 ? 1
                                                                 : -1;
    for (int i = 0; kind >= 0 && i < count; i++) {
      char *method = NULL;
      if ((*ti)->GetMethodName(ti, methods[i], &method, NULL, NULL) == JVMTI_ERROR_NONE) {
        if (strcmp(method, "runBody") == 0) {
          run_body[kind] = methods[i];
        }
        (*ti)->Deallocate(ti, (unsigned char *)method);
      }
    }
    (*ti)->Deallocate(ti, (unsigned char *)name);
  }
  (*ti)->Deallocate(ti, (unsigned char *)methods);
}

static void JNICALL class_prepare(jvmtiEnv *ti, JNIEnv *env, jthread thread, jclass type) {
  (void)env;
  (void)thread;
  prepared(ti, type);
}

/* The JVM gives traces only to an agent that has this event. */
static void JNICALL class_load(jvmtiEnv *ti, JNIEnv *env, jthread thread, jclass type) {
  (void)ti;
  (void)env;
  (void)thread;
  (void)type;
}

static void start_timer(void) {
  struct sigevent event;
  memset(&event, 0, sizeof event);
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = signal_number;
  event._sigev_un._tid = (int)syscall(SYS_gettid);
  struct itimerspec every = {{0, MICROS * 1000}, {0, MICROS * 1000}};
  if (timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &timer) == 0) {
    has_timer = timer_settime(timer, 0, &every, NULL) == 0;
  }
}

static void JNICALL thread_start(jvmtiEnv *ti, JNIEnv *env, jthread thread) {
  (void)ti;
  (void)env;
  (void)thread;
  started = 1;
  if (of_threads) {
    start_timer();
  }
}

static void JNICALL thread_end(jvmtiEnv *ti, JNIEnv *env, jthread thread) {
  (void)ti;
  (void)env;
  (void)thread;
  started = 0;
  if (has_timer) {
    has_timer = 0;
    timer_delete(timer);
  }
}

static void JNICALL vm_init(jvmtiEnv *ti, JNIEnv *env, jthread thread) {
  jint count = 0;
  jclass *classes = NULL;
  (void)thread;
  if ((*ti)->GetLoadedClasses(ti, &count, &classes) == JVMTI_ERROR_NONE) {
    for (int i = 0; i < count; i++) {
      prepared(ti, classes[i]);
      (*env)->DeleteLocalRef(env, classes[i]);
    }
    (*ti)->Deallocate(ti, (unsigned char *)classes);
  }
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = sample;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  sigaction(signal_number, &action, NULL);
  started = 1;
  if (of_threads) {
    start_timer();
  } else {
    struct itimerval every = {{0, MICROS}, {0, MICROS}};
    setitimer(signal_number == SIGVTALRM ? ITIMER_VIRTUAL : ITIMER_PROF, &every, NULL);
  }
}

static void JNICALL vm_death(jvmtiEnv *ti, JNIEnv *env) {
  (void)ti;
  (void)env;
  if (atomic_exchange(&over, 1)) {
    return;
  }
  FILE *counts = fopen(file, "a");
  if (counts != NULL) {
    fprintf(counts, "%ld", (long)in_bodies);
    for (int i = 0; i < RESULTS; i++) {
      fprintf(counts, " %ld", (long)results[i]);
    }
    fprintf(counts, "\n");
    fclose(counts);
  }
}

JNIEXPORT jint JNICALL Agent_OnLoad(JavaVM *java_vm, char *options, void *reserved) {
  (void)reserved;
  vm = java_vm;
  char *copy = strdup(options == NULL ? "" : options);
  char *rest = NULL;
  char *which = strtok_r(copy, ",", &rest);
  char *number = strtok_r(NULL, ",", &rest);
  file = strtok_r(NULL, ",", &rest);
  if (file == NULL) {
    fprintf(stderr, "call_traces: options are process|threads,SIGNAL,FILE\n");
    return JNI_ERR;
  }
  of_threads = strcmp(which, "threads") == 0;
  signal_number = atoi(number);
  /* Stands in libjvm, which is not among the global symbols. */
  void *libjvm = dlopen("libjvm.so", RTLD_LAZY | RTLD_NOLOAD);
  async_get_call_trace =
      (void (*)(Trace *, jint, void *))(libjvm == NULL ? NULL : dlsym(libjvm, "AsyncGetCallTrace"));
  if (async_get_call_trace == NULL ||
      (*vm)->GetEnv(vm, (void **)&jvmti, JVMTI_VERSION_1_2) != JNI_OK) {
    fprintf(stderr, "call_traces: this JVM has no AsyncGetCallTrace\n");
    return JNI_ERR;
  }
  jvmtiEventCallbacks callbacks;
  memset(&callbacks, 0, sizeof callbacks);
  callbacks.VMInit = vm_init;
  callbacks.VMDeath = vm_death;
  callbacks.ClassLoad = class_load;
  callbacks.ClassPrepare = class_prepare;
  callbacks.ThreadStart = thread_start;
  callbacks.ThreadEnd = thread_end;
  (*jvmti)->SetEventCallbacks(jvmti, &callbacks, sizeof callbacks);
  jvmtiEvent events[] = {JVMTI_EVENT_VM_INIT,       JVMTI_EVENT_VM_DEATH,
                         JVMTI_EVENT_CLASS_LOAD,    JVMTI_EVENT_CLASS_PREPARE,
                         JVMTI_EVENT_THREAD_START, JVMTI_EVENT_THREAD_END};
  for (unsigned i = 0; i < sizeof events / sizeof *events; i++) {
    (*jvmti)->SetEventNotificationMode(jvmti, JVMTI_ENABLE, events[i], NULL);
  }
  return JNI_OK;
}
