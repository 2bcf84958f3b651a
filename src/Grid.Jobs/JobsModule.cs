using System.Globalization;
using Grid.Domain;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace Grid.Jobs;

public static class JobsModule
{
    internal const string Group = "grid";

    private const int MostWeatherBytes = 4 << 20; // a year of hours is 300 kB

    extension(IServiceCollection services)
    {
        /// <summary>
        /// The jobs and their schedule, which outlives the process. Each picks up what is there to do, so a missed or repeated turn changes nothing; on a shared
        /// store no two nodes run one job at a time.
        /// </summary>
        /// <param name="maxAge">Readings as old as this still come.</param>
        public IServiceCollection AddJobs(JobsOptions options, WeatherOptions weather, JobStore store, TimeSpan maxAge)
        {
            services.AddJobWork(options, maxAge);
            if (weather.Source is WeatherSource.OpenMeteo) services.AddOpenMeteo(weather);
            HashSet<TriggerKey> declared = [];
            services.AddQuartz(quartz =>
            {
                quartz.ConfigureScheduler(o =>
                {
                    o.InstanceName = "grid";
                    o.GenerateInstanceId = store.IsShared;
                });
                quartz.UsePersistentStore(persistent =>
                {
                    if (store.IsShared)
                    {
                        persistent.UsePostgres(store.ConnectionString);
                        persistent.UseClustering(cluster => cluster.CheckinInterval = TimeSpan.FromSeconds(5));
                    }
                    else persistent.UseSqlite(store.ConnectionString);

                    persistent.ProvisionSchema();
                });
                Every<AggregateJob>(quartz, declared, "aggregate", TimeSpan.FromSeconds(5));
                Every<PublishJob>(quartz, declared, "publish", TimeSpan.FromSeconds(15));
                Every<InvariantsJob>(quartz, declared, "invariants", TimeSpan.FromHours(1));
                Every<WeatherJob>(quartz, declared, "weather", TimeSpan.FromHours(1));
                Every<RetentionJob>(quartz, declared, "retention", TimeSpan.FromHours(1));
                Every<PeriodsJob>(quartz, declared, "periods", TimeSpan.FromMinutes(15));
                quartz.AddQuartzHealthChecks();
            });
            services.Configure<QuartzOptions>(o =>
            {
                // What stands in the store stands: a start forgets no turn that was missed.
                o.Scheduling.OverwriteExistingData = false;
                o.Scheduling.IgnoreDuplicates = true;
            });
            services.AddHostedService<BrokenDays>();
            services.AddHostedService(p => ActivatorUtilities.CreateInstance<JobSchedule>(p, (IReadOnlySet<TriggerKey>)declared));
            return services;
        }

        private void AddOpenMeteo(WeatherOptions options)
        {
            services.AddSingleton<IWeatherSource>(p => new OpenMeteo(
                new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = TimeSpan.FromSeconds(60), MaxResponseContentBufferSize = MostWeatherBytes },
                options, p.GetRequiredService<TimeProvider>()));
        }

        /// <summary>What the jobs do, without a schedule.</summary>
        public IServiceCollection AddJobWork(JobsOptions options, TimeSpan maxAge)
        {
            services.AddSingleton(options);
            services.AddSingleton<JobMetrics>();
            services.AddSingleton<MeterCurves>();
            services.AddSingleton<Aggregation>();
            services.AddSingleton<Publication>();
            services.AddSingleton<Invariants>();
            services.AddSingleton<FeederInvariants>();
            services.AddSingleton<WeatherFetch>();
            services.AddSingleton<Months>();
            services.AddSingleton<SavingsStarts>();
            services.AddSingleton<Baselines>();
            services.AddSingleton<PeriodRunner>();
            services.AddSingleton(new KeepRule(options.KeepReadings, maxAge));
            services.AddSingleton<KeptReadings>();
            services.AddSingleton<Retention>();
            services.AddSingleton<Periods>();
            // In the order in which one builds on the other.
            services.AddSingleton<IPeriodicWork, BaselineWork>();
            services.AddSingleton<IPeriodicWork, SavingsWork>();
            services.AddSingleton<IPeriodicWork, CostWork>();
            services.AddSingleton<IPeriodicWork, CohortWork>();
            services.AddSingleton<IPeriodicWork, CountedWork>();
            services.AddSingleton<IPeriodicWork, ReportWork>();
            services.AddSingleton<IPeriodicWork, AggregateWork>();
            services.AddSingleton<IPeriodicWork, PortfolioWork>();
            services.AddSingleton<IPeriodicWork, ForecastWork>();
            return services;
        }
    }

    // The interval is part of the trigger's name: a release that changes it has another trigger, and JobSchedule takes the old one away.
    private static void Every<T>(IQuartzBuilder quartz, HashSet<TriggerKey> declared, string name, TimeSpan interval)
        where T : IJob
    {
        TriggerKey key = new(string.Create(CultureInfo.InvariantCulture, $"{name}-every-{interval.TotalSeconds:0}s"), Group);
        declared.Add(key);
        quartz.AddJob<T>(job => job.WithIdentity(name, Group).StoreDurably().RequestRecovery()); // by another node, where there is one
        quartz.AddTrigger<T>(trigger => trigger.ForJob(name, Group).WithIdentity(key.Name, key.Group)
            .StartNow().WithSimpleSchedule(schedule => schedule.WithInterval(interval).RepeatForever()));
    }
}
